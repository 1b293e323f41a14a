import type { UtterancePart } from '../../core/stages/stage.ts';

/** A stream that can be read again from its beginning, also while it goes on. */
export interface Rewindable<T> {
  /** All items, those that came already first. One reader at a time. */
  open(): AsyncGenerator<T, void, void>;
  /** Tells the source that nobody will read on. */
  letGo(): void;
}

/** Keeps what was read of an utterance. What its source throws, every reader throws. */
export function rewindableUtterance(audio: AsyncIterable<UtterancePart>): Rewindable<UtterancePart> {
  // What is read belongs to the reader, who may have sent its memory to another thread.
  return rewindable(audio, (part) =>
    part.type === 'audio' ? { ...part, pcm: { ...part.pcm, samples: part.pcm.samples.slice() } } : part,
  );
}

function rewindable<T>(source: AsyncIterable<T>, copy: (item: T) => T): Rewindable<T> {
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
        while (at < kept.length) yield copy(kept[at++]!);
        if (ended) return;
        pulling ??= pull();
        await pulling;
      }
    },
    letGo: () => void items.return?.().catch(() => {}),
  };
}
