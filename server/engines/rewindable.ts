/** A stream that can be read again from its beginning, also while it goes on. */
export interface Rewindable<T> {
  /** All items, those that came already first. One reader at a time. */
  open(): AsyncGenerator<T, void, void>;
  /** Tells the source that nobody will read on. */
  letGo(): void;
}

/** Keeps what was read of a stream. What it throws, every reader throws. */
export function rewindable<T>(source: AsyncIterable<T>): Rewindable<T> {
  const items = source[Symbol.asyncIterator]();
  const kept: T[] = [];
  let ended = false;
  /** Shared, because a reader that was left may still be waiting for the next item. */
  let pulling: Promise<void> | undefined;

  async function pull(): Promise<void> {
    try {
      const next = await items.next();
      if (next.done) ended = true;
      else kept.push(next.value);
    } finally {
      pulling = undefined;
    }
  }

  return {
    async *open() {
      for (let at = 0; ;) {
        while (at < kept.length) yield kept[at++]!;
        if (ended) return;
        pulling ??= pull();
        await pulling;
      }
    },
    letGo: () => void items.return?.().catch(() => {}),
  };
}
