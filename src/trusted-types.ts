/**
 * The server's policy (`require-trusted-types-for 'script'`) refuses strings wherever they could run as code. This is
 * the one exception, the default policy: starting a worker from a script of this origin. Markup stays refused.
 */
export function allowOwnWorkers(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, document.baseURI).origin === location.origin) return url;
      throw new TypeError('Only scripts of this page may run.');
    },
  });
}

/** Trusted Types are younger than TypeScript's own description of the page. */
interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}
