import { throwIfAborted } from '../core/errors.ts';

/**
 * An async iterable fed by work that runs at its own pace: the work never waits for the consumer, and it is told to
 * stop as soon as the signal fires or the consumer leaves, even when nobody asks for the next item. So a consumer that
 * walks away cannot hold an engine.
 * @throws AppError `aborted` when the signal fires, and whatever `work` throws.
 */
export async function* produce<T>(
  signal: AbortSignal,
  work: (emit: (item: T) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void, void> {
  throwIfAborted(signal);
  const items: T[] = [];
  const stop = new AbortController();
  let outcome: { error?: unknown } | undefined;
  let wake = (): void => {};
  const onAbort = (): void => {
    stop.abort();
    wake();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const emit = (item: T): void => {
    items.push(item);
    wake();
  };
  work(emit, stop.signal)
    .then(
      () => (outcome = {}),
      (error: unknown) => (outcome = { error }),
    )
    .finally(() => wake());
  try {
    for (;;) {
      throwIfAborted(signal);
      if (items.length > 0) {
        yield items.shift()!;
      } else if (outcome) {
        if ('error' in outcome) throw outcome.error;
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}
