/** What TypeScript's worker library leaves out. */
interface Violation extends Event {
  blockedURI: string;
}

/**
 * Listens to what the browser refuses because of the page's policy; a failed `fetch` alone does not say why. Of an
 * address that redirects, the browser reports the first.
 */
export function watchBlocked(): (url: string) => Promise<boolean> {
  const blocked = new Set<string>();
  self.addEventListener('securitypolicyviolation', (event) => {
    blocked.add(withoutQuery((event as Violation).blockedURI));
  });
  return async (url) => {
    // The report comes as a task of its own, which may be behind the failure of the request.
    await new Promise((resolve) => setTimeout(resolve));
    return blocked.has(withoutQuery(url));
  };
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!;
}
