import type { BrowserContext } from '@playwright/test';

export interface Guard {
  /** What happened that must not, but for console errors that match `allowed`. */
  problems(allowed?: readonly RegExp[]): string[];
}

/** Watches all pages and workers of a context for requests to other origins and for errors. */
export function watch(context: BrowserContext, ownUrl: string): Guard {
  const own = new URL(ownUrl).origin;
  const strangers: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (['blob:', 'data:', 'about:'].includes(url.protocol) || url.origin === own) return;
    strangers.push(`request to another origin: ${request.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console error: ${message.text()}`);
  });
  context.on('weberror', (error) => errors.push(`uncaught: ${error.error().message}`));
  return {
    problems(allowed = []) {
      return [...strangers, ...errors.filter((text) => !allowed.some((pattern) => pattern.test(text)))];
    },
  };
}
