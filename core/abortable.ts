import { throwIfAborted } from './errors.ts';

/** The promise, or `aborted` as soon as the signal fires. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * The items of a stream, until the signal fires: a source that gives nothing more cannot hold its reader. The source is
 * told when the reader stops, also before the first item.
 * @throws AppError `aborted`, and whatever the stream throws.
 */
export async function* untilAborted<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const items = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      throwIfAborted(signal);
      const next = await orAborted(items.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    giveUp(items);
  }
}

/** Tells the source of a stream that nobody will read it. */
export function letGo(stream: AsyncIterable<unknown>): void {
  giveUp(stream[Symbol.asyncIterator]());
}

/** Not awaited: a generator answers only when its pending step is over. */
function giveUp(items: AsyncIterator<unknown>): void {
  void items.return?.().catch(() => {});
}
