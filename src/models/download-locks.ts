/** Who fetches what, across the tabs of Parley: a download is named by a lock that dies with its tab. */
export interface DownloadLocks {
  /** Does the work while no other tab has to do with the download; waits for its turn until the signal fires. */
  hold(id: string, signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  /** Resolves when the tab that holds it has ended, in whichever way. */
  ended(id: string): Promise<void>;
  /** Ids of the downloads that some tab holds now. */
  held(): Promise<string[]>;
}

const PREFIX = 'parley.download.';

export function createDownloadLocks(): DownloadLocks {
  return {
    async hold(id, signal, work) {
      await navigator.locks.request(PREFIX + id, { signal }, work);
    },
    async ended(id) {
      await navigator.locks.request(PREFIX + id, { mode: 'shared' }, () => undefined);
    },
    async held() {
      const { held = [] } = await navigator.locks.query();
      return held.flatMap(({ name = '' }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
    },
  };
}
