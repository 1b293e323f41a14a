/**
 * Says with every answer of a server that it has engines of its own: `open`, or `key` where it asks for one. A page that
 * was served by something else sees no such header, and asks nothing that would fail.
 */
export const SERVER_HEADER = 'parley-server';

export type ServerWelcome = 'open' | 'key';

/** @returns undefined where the page comes from a server of files only. */
export function readWelcome(headers: { get(name: string): string | null }): ServerWelcome | undefined {
  const value = headers.get(SERVER_HEADER);
  return value === 'open' || value === 'key' ? value : undefined;
}
