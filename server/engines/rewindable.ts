import type { UtterancePart } from '../../core/stages/stage.ts';

/** An utterance that can be read again from its beginning, also while it goes on. */
export interface Rewindable {
  /** All parts, those that came already first. One reader at a time. */
  open(): AsyncGenerator<UtterancePart, void, void>;
  /** Tells the source that nobody will read on. */
  letGo(): void;
}

/** Keeps what was read. What the source throws, every reader throws. */
export function rewindable(audio: AsyncIterable<UtterancePart>): Rewindable {
  const parts = audio[Symbol.asyncIterator]();
  const kept: UtterancePart[] = [];
  let ended = false;
  /** Shared, because a reader that was left may still be waiting for the next part. */
  let pulling: Promise<void> | undefined;

  async function pull(): Promise<void> {
    try {
      const next = await parts.next();
      if (next.done) ended = true;
      else kept.push(next.value);
    } finally {
      pulling = undefined;
    }
  }

  return {
    async *open() {
      for (let at = 0; ; at++) {
        while (at >= kept.length) {
          if (ended) return;
          pulling ??= pull();
          await pulling;
        }
        yield copyOf(kept[at]!);
      }
    },
    letGo: () => void parts.return?.().catch(() => {}),
  };
}

/** What is read belongs to the reader, who may send its memory to another thread. */
function copyOf(part: UtterancePart): UtterancePart {
  if (part.type !== 'audio') return part;
  return { ...part, pcm: { ...part.pcm, samples: part.pcm.samples.slice() } };
}
