import { wrap } from 'comlink';
import type { Endpoint, Remote } from 'comlink';
import { AppError, toAppError } from '../core/errors.ts';
import type { HostSurface } from './host.ts';
import { onLost, openStream } from './stream-reader.ts';
import { isAsyncIterable } from './stream-server.ts';
import { installTransferHandlers } from './transfer-handlers.ts';
import { answersWithin, watchDeath } from './worker-death.ts';

/** A `Worker`, or anything that behaves like one. */
export interface WorkerThread extends Endpoint {
  /** Its own end is an `error` event, as that of a process is and that of a page's worker is not. */
  readonly tellsOfDeath?: true;
  terminate(): void;
}

type Method<Args extends unknown[], Result> = (...args: Args) => Result;
type ArgsOf<F> = F extends Method<infer Args, unknown> ? Args : never;
type ResultOf<F> = F extends Method<never[], infer Result> ? Result : never;
type StreamsOf<T> = {
  [K in keyof T]: ResultOf<T[K]> extends AsyncIterable<unknown> ? K : never;
}[keyof T] &
  string;
type CallsOf<T> = Exclude<keyof T, StreamsOf<T>> & string;

/** The methods of a worker's `api`, with `configure` called first in every new thread. */
export interface Configurable<Config> {
  configure(config: Config): void;
}

export interface BridgeOptions<Config> {
  /** What the thread does, as the person knows it: "Speech recognition". */
  name: string;
  spawn: () => WorkerThread;
  config: Config;
  /** Told when a thread died by itself; the next call starts another. */
  onDeath?: (error: AppError) => void;
}

export interface WorkerBridge<T> {
  /** @throws AppError `worker.died` (retryable) when the thread ends first, `aborted` as soon as a passed signal fires. */
  call<K extends CallsOf<T>>(method: K, ...args: ArgsOf<T[K]>): Promise<Awaited<ResultOf<T[K]>>>;
  /**
   * The stream that a method returns. Unread, it can be sent to another thread and will not pass through this one.
   * Reads reject as those of `call` do; a forwarded stream tells of its producer's death through `onLost` only. A call
   * that reads such a stream in another worker fails with it.
   */
  stream<K extends StreamsOf<T>>(method: K, ...args: ArgsOf<T[K]>): ResultOf<T[K]>;
  /** Ends a running thread as dead unless it answers within `deadlineMs`. */
  probe(deadlineMs: number): Promise<void>;
  /** Ends the thread and fails what is in flight. A later call starts another. */
  terminate(): void;
}

interface Life {
  thread: WorkerThread;
  host: Remote<HostSurface>;
  /** How to fail each call and stream in flight. */
  inFlight: Set<(error: AppError) => void>;
  /** To be called when work begins. */
  watch: () => void;
}

/**
 * Calls the `api` that a worker exposes with `exposeHost`. The thread starts at the first call, and again after it died.
 */
export function createWorkerBridge<T extends Configurable<Config>, Config = Parameters<T['configure']>[0]>(
  options: BridgeOptions<Config>,
): WorkerBridge<T> {
  installTransferHandlers();
  let life: Life | undefined;

  function start(): Life {
    const thread = options.spawn();
    const host = wrap<HostSurface>(thread);
    const inFlight: Life['inFlight'] = new Set();
    const onDeath = (): void => die(born, diedError());
    const watch = thread.tellsOfDeath ? () => {} : watchDeath(host, () => inFlight.size > 0, onDeath);
    const born: Life = { thread, host, inFlight, watch };
    thread.addEventListener('error', onDeath);
    thread.addEventListener('messageerror', onDeath);
    host.call('configure', options.config).catch((error: unknown) => die(born, toAppError(error)));
    life = born;
    return born;
  }

  function diedError(): AppError {
    const message = `${options.name} stopped unexpectedly and starts again; please try once more.`;
    return new AppError('worker.died', message, { retryable: true });
  }

  function die(dead: Life, error: AppError): void {
    if (life !== dead) return;
    end(dead, error);
    options.onDeath?.(error);
  }

  function end(dead: Life, error: AppError): void {
    life = undefined;
    dead.thread.terminate();
    for (const fail of dead.inFlight) fail(error);
  }

  /** @returns stops tracking */
  function track(
    fail: (error: AppError) => void,
    { inFlight, watch }: Life,
    args: readonly unknown[],
  ): () => void {
    const signal = args.find((arg) => arg instanceof AbortSignal);
    const streams = args.filter(isAsyncIterable).map((stream) => onLost(stream, fail));
    const onAbort = (): void => fail(new AppError('aborted', 'The work was cancelled.'));
    inFlight.add(fail);
    watch();
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) queueMicrotask(onAbort);
    return () => {
      inFlight.delete(fail);
      for (const stopWatching of streams) stopWatching();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  return {
    call<K extends CallsOf<T>>(method: K, ...args: ArgsOf<T[K]>) {
      const current = life ?? start();
      const result = Promise.withResolvers<unknown>();
      const untrack = track(result.reject, current, args);
      current.host.call(method, ...args).then(result.resolve, result.reject);
      return result.promise.finally(untrack) as Promise<Awaited<ResultOf<T[K]>>>;
    },
    stream<K extends StreamsOf<T>>(method: K, ...args: ArgsOf<T[K]>) {
      const current = life ?? start();
      const { port1, port2 } = new MessageChannel();
      let untrack = (): void => {};
      const opened = openStream<unknown>(port1, () => untrack());
      untrack = track(opened.fail, current, args);
      const sent = current.host.open(port2, method, ...args);
      sent.catch((error: unknown) => opened.fail(toAppError(error)));
      return opened.stream as ResultOf<T[K]>;
    },
    async probe(deadlineMs) {
      const probed = life;
      if (probed && !(await answersWithin(probed.host, deadlineMs))) die(probed, diedError());
    },
    terminate() {
      if (life) end(life, diedError());
    },
  };
}
