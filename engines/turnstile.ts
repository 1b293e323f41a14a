import { throwIfAborted } from '../core/errors.ts';

/** Lets one caller at a time use a model session, in the order they came. */
export interface Turnstile {
  /** Runs `work` when everybody before is done; a caller that gives up while waiting leaves the queue. */
  run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Tells everybody inside and waiting to stop, then runs `work`. */
  clear<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurnstile(): Turnstile {
  let last: Promise<unknown> = Promise.resolve();
  let closing = new AbortController();

  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return {
    run(signal, work) {
      const either = AbortSignal.any([signal, closing.signal]);
      return enqueue(async () => {
        throwIfAborted(either);
        return work(either);
      });
    },
    clear(work) {
      closing.abort();
      closing = new AbortController();
      return enqueue(work);
    },
  };
}
