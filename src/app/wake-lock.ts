export interface WakeLockDeps {
  /** Undefined where the browser has none. */
  wakeLock: Pick<WakeLock, 'request'> | undefined;
  document: Pick<Document, 'visibilityState' | 'addEventListener'>;
}

/**
 * Keeps the screen on while it is wanted. The browser takes the lock away from a hidden page; it is asked for again when
 * the page comes back. Refused (a low battery), the screen goes dark as ever.
 *
 * @returns says from now on whether the screen is to stay on
 */
export function createWakeLock({ wakeLock, document }: WakeLockDeps): (wanted: boolean) => void {
  let wanted = false;
  let asking = false;
  let lock: WakeLockSentinel | undefined;

  async function settle(): Promise<void> {
    if (asking || wakeLock === undefined) return;
    if (!wanted) {
      await lock?.release();
      lock = undefined;
    } else if ((lock === undefined || lock.released) && document.visibilityState === 'visible') {
      asking = true;
      lock = await wakeLock.request('screen').catch(() => undefined);
      asking = false;
      // It may not be wanted any more.
      if (lock !== undefined && !wanted) await settle();
    }
  }

  document.addEventListener('visibilitychange', () => void settle());
  return (next) => {
    if (next === wanted) return;
    wanted = next;
    void settle();
  };
}
