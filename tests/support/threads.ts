import { exposeHost } from '../../boundary/host.ts';
import type { WorkerThread } from '../../boundary/worker-bridge.ts';

/** A stand-in for a worker: the far end of a channel in this thread, with the ways a worker can die. */
export interface FakeThread extends WorkerThread {
  /** As the browser reports a script that failed to load or threw. */
  crash(): void;
  terminated: boolean;
}

export function createFakeThread(api: object): FakeThread {
  const { port1, port2 } = new MessageChannel();
  const errors = new EventTarget();
  exposeHost(api, port2);
  port1.start();
  return {
    terminated: false,
    postMessage: (message, transfer) => port1.postMessage(message, transfer ?? []),
    addEventListener(type, listener) {
      (type === 'message' ? port1 : errors).addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      (type === 'message' ? port1 : errors).removeEventListener(type, listener);
    },
    crash() {
      port2.close();
      errors.dispatchEvent(new Event('error'));
    },
    terminate() {
      this.terminated = true;
      port2.close();
    },
  };
}

/** Frees the Web Locks of the fake threads, as the browser does when a worker is gone. */
export async function closeAllThreads(): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  for (const { name } of held) await navigator.locks.request(name ?? '', { steal: true }, () => {});
}
