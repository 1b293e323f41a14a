/**
 * Same-origin everything. `wasm-unsafe-eval` lets WebAssembly compile and nothing else; `blob:` media is for audio
 * made in the page.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

/**
 * For documents only: a worker takes its policy from its own script's response, and onnxruntime starts its threads
 * there without Trusted Types. The policy `default` is the page's own, in src/trusted-types.ts.
 */
const trustedTypes = "require-trusted-types-for 'script'; trusted-types default";

/** Sent with every response, errors included. The first two make the page cross-origin isolated (wasm threads). */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=(), display-capture=(), usb=(), serial=()',
};

export const documentPolicy = `${contentSecurityPolicy}; ${trustedTypes}`;
