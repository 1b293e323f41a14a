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

  async function* read(): AsyncGenerator<Value> {
    try {
      for (;;) {
        while (values.length > 0) yield values.shift() as Value;
        if (failure !== undefined) throw failure.error;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      if (!closed) {
        closed = true;
        onReturn?.();
      }
    }
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
    [Symbol.asyncIterator]: read,
  };
}
