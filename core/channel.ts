/** A queue between a producer that pushes and a consumer that iterates; read it once. */
export interface Channel<Value> extends AsyncIterable<Value> {
  push(value: Value): void;
  /** Ends the iteration after what was pushed, with an error if one is given. */
  close(error?: unknown): void;
}

/** `onReturn` runs when the consumer stops before the end. */
export function createChannel<Value>(onReturn?: () => void): Channel<Value> {
  const values: Value[] = [];
  let closed = false;
  let failure: { error: unknown } | undefined;
  let wake: (() => void) | undefined;

  const change = (): void => {
    wake?.();
    wake = undefined;
  };

  async function next(): Promise<IteratorResult<Value, undefined>> {
    for (;;) {
      if (values.length > 0) return { done: false, value: values.shift() as Value };
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        throw error;
      }
      if (closed) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  /** Written by hand: a generator would not notice a consumer that leaves before its first value. */
  function leave(): Promise<IteratorResult<Value, undefined>> {
    values.length = 0;
    if (!closed) {
      closed = true;
      onReturn?.();
    }
    change();
    return Promise.resolve({ done: true, value: undefined });
  }

  return {
    push(value) {
      if (closed) return;
      values.push(value);
      change();
    },
    close(error) {
      if (closed) return;
      closed = true;
      if (error !== undefined) failure = { error };
      change();
    },
    [Symbol.asyncIterator]: () => ({ next, return: leave }),
  };
}
