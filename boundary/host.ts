import { expose } from 'comlink';
import type { Endpoint } from 'comlink';
import { releaseSignal } from './abort-signal.ts';
import { dropStream } from './stream-reader.ts';
import { isAsyncIterable, serveStream } from './stream-server.ts';
import { installTransferHandlers } from './transfer-handlers.ts';

/** What a worker answers to. Arguments follow the method's name, so that each of them passes the transfer handlers. */
export interface HostSurface {
  call(method: string, ...args: unknown[]): Promise<unknown>;
  /** Calls a method that returns a stream and serves it at `port`, whose other end the caller can hand on at once. */
  open(port: MessagePort, method: string, ...args: unknown[]): void;
  ping(): void;
  /** Resolves when this thread holds the Web Lock `name`, which it keeps until it dies. */
  holdLock(name: string): Promise<void>;
}

/**
 * Makes the functions of `api` callable through a `createWorkerBridge` at the other end. While a streaming method runs,
 * its AbortSignal also fires when the consumer leaves early, so that `finally` blocks run without waiting for a
 * pending step.
 */
export function exposeHost(api: object, endpoint?: Endpoint): void {
  installTransferHandlers();
  const surface: HostSurface = {
    async call(method, ...args) {
      try {
        return await invoke(api, method, args);
      } finally {
        release(args);
      }
    },
    open(port, method, ...args) {
      const left = new AbortController();
      const linked = args.map((arg) =>
        arg instanceof AbortSignal ? AbortSignal.any([arg, left.signal]) : arg,
      );
      serveStream(openStream(api, method, linked), port, {
        cancel: () => left.abort(),
        onEnd: () => release(args),
      });
    },
    ping() {},
    holdLock,
  };
  if (endpoint) expose(surface, endpoint);
  else expose(surface);
}

function invoke(api: object, method: string, args: unknown[]): unknown {
  const found: unknown = Object.hasOwn(api, method) ? api[method as keyof typeof api] : undefined;
  if (typeof found !== 'function') throw new TypeError(`The worker has no method ${method}.`);
  return Reflect.apply(found, api, args);
}

/** The method is called at once; what it throws, the reader of the stream hears. */
function openStream(api: object, method: string, args: unknown[]): AsyncIterable<unknown> {
  try {
    return invoke(api, method, args) as AsyncIterable<unknown>;
  } catch (error) {
    return {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
    };
  }
}

function release(args: readonly unknown[]): void {
  for (const arg of args) {
    if (arg instanceof AbortSignal) releaseSignal(arg);
    else if (isAsyncIterable(arg)) dropStream(arg);
  }
}

function holdLock(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const forever = new Promise<never>(() => {});
    const held = (): Promise<never> => {
      resolve();
      return forever;
    };
    navigator.locks.request(name, held).catch(reject);
  });
}
