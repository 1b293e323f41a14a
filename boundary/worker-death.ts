import type { Remote } from 'comlink';
import type { HostSurface } from './host.ts';

/** How long a thread may be busy before it is taken for dead where it cannot be watched: longer than any model step. */
const SILENCE_LIMIT_MS = 30_000;
const PING_EVERY_MS = 1_000;

let locks = 0;

/**
 * Calls `onDeath` when the worker behind `host` ends by itself, which tells nobody: but the browser then frees the Web
 * Lock that the worker holds. Where Web Locks do not exist (insecure contexts), the worker is pinged while it has work.
 * @returns to be called at the start of each piece of work
 */
export function watchDeath(
  host: Remote<HostSurface>,
  hasWork: () => boolean,
  onDeath: () => void,
): () => void {
  const manager: LockManager | undefined = globalThis.navigator?.locks;
  if (manager === undefined) return watchByPing(host, hasWork, onDeath);
  const name = `parley-worker-${performance.timeOrigin}-${++locks}`;
  host
    .holdLock(name)
    .then(() => manager.request(name, onDeath))
    .catch(onDeath);
  return () => {};
}

function watchByPing(host: Remote<HostSurface>, hasWork: () => boolean, onDeath: () => void): () => void {
  let pinging = false;
  const ping = async (): Promise<void> => {
    if (!hasWork()) pinging = false;
    else if (await answersWithin(host, SILENCE_LIMIT_MS)) setTimeout(() => void ping(), PING_EVERY_MS);
    else onDeath();
  };
  return () => {
    if (pinging) return;
    pinging = true;
    void ping();
  };
}

/** Whether the worker comes round to answering a ping in time. */
export function answersWithin(host: Remote<HostSurface>, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), deadlineMs);
    void host.ping().then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
