/**
 * Same-origin everything. `wasm-unsafe-eval` lets WebAssembly compile and nothing else; `blob:` media is for audio
 * made in the page. Only `modelSources` may be asked besides, for model files; what comes from there is checked by hash.
 */
function contentSecurityPolicy(modelSources: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...modelSources].join(' '),
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * For documents only: a worker takes its policy from its own script's response, and onnxruntime starts its threads
 * there without Trusted Types. The policy `default` is the page's own, in src/trusted-types.ts.
 */
const trustedTypes = "require-trusted-types-for 'script'; trusted-types default";

export interface SecurityHeaders {
  /** Sent with every response, errors included. The first two make the page cross-origin isolated (wasm threads). */
  all: Readonly<Record<string, string>>;
  /** The policy of documents, in place of that in `all`. */
  documentPolicy: string;
}

/** @param modelSources origins that the page may fetch models from, beside its own; see config.ts */
export function securityHeaders(modelSources: readonly string[] = []): SecurityHeaders {
  const policy = contentSecurityPolicy(modelSources);
  return {
    all: {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy':
        'microphone=(self), camera=(), geolocation=(), display-capture=(), usb=(), serial=()',
    },
    documentPolicy: `${policy}; ${trustedTypes}`,
  };
}
