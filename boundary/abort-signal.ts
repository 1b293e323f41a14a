import { AppError } from '../core/errors.ts';

export type WireSignal = { aborted: true } | { aborted: false; port: MessagePort };

const releases = new WeakMap<AbortSignal, () => void>();

/** Sends the firing of `signal` through a port. The receiver releases the listener when its call is over. */
export function encodeSignal(signal: AbortSignal): [WireSignal, Transferable[]] {
  if (signal.aborted) return [{ aborted: true }, []];
  const { port1, port2 } = new MessageChannel();
  const release = (): void => {
    signal.removeEventListener('abort', onAbort);
    port1.removeEventListener('message', release);
    port1.close();
  };
  const onAbort = (): void => {
    port1.postMessage('abort');
    release();
  };
  signal.addEventListener('abort', onAbort);
  port1.addEventListener('message', release);
  port1.start();
  return [{ aborted: false, port: port2 }, [port2]];
}

/** The received signal; its reason is an `AppError` `aborted`. */
export function decodeSignal(wire: WireSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new AppError('aborted', 'The work was cancelled.'));
  if (wire.aborted) {
    abort();
    return controller.signal;
  }
  const { port } = wire;
  const onMessage = (): void => {
    port.close();
    releases.delete(controller.signal);
    abort();
  };
  port.addEventListener('message', onMessage, { once: true });
  port.start();
  releases.set(controller.signal, () => {
    port.removeEventListener('message', onMessage);
    port.postMessage('release');
    port.close();
  });
  return controller.signal;
}

/** Says that the call which received `signal` is over, so that the sender stops listening. Local signals are left. */
export function releaseSignal(signal: AbortSignal): void {
  releases.get(signal)?.();
  releases.delete(signal);
}
