import { orAborted } from '../abortable.ts';
import { concatSamples, type Pcm } from '../audio/pcm.ts';
import { AppError } from '../errors.ts';
import type { ChatMessage, UtterancePart } from '../stages/stage.ts';
import type { Sound } from '../turn/effects.ts';

/** What was said, kept for a responder that hears. */
export interface Sounds {
  /** The same stream; what is read of it is kept as well. Whoever reads it gets samples of their own. */
  keep(utterance: number, stream: AsyncIterable<UtterancePart>): AsyncIterable<UtterancePart>;
  /**
   * The messages with what was said in the place of the one that stands for it: each utterance up to so many of its
   * pauses, or to its end, once that has been read. Sounds before it are forgotten. Where one of them is gone, the
   * message stays as it is, if it has words.
   * @throws AppError `engine.failed` where it has none, `aborted`.
   */
  put(messages: readonly ChatMessage[], sound: Sound, signal: AbortSignal): Promise<readonly ChatMessage[]>;
}

/** Utterances that are kept: of those that never became a turn, such as coughs, nobody says that they are over. */
const MAX_KEPT = 16;

interface Kept {
  rateHz: number;
  chunks: Float32Array[];
  /** How many chunks there were at each pause, and at the end. */
  pauses: number[];
  ended: boolean;
  /** Told at each pause and at the end. */
  changed: PromiseWithResolvers<void>;
}

export function createSounds(): Sounds {
  const sounds = new Map<number, Kept>();

  function mark(kept: Kept): void {
    kept.pauses.push(kept.chunks.length);
    kept.changed.resolve();
    kept.changed = Promise.withResolvers();
  }

  function read(kept: Kept, part: UtterancePart): void {
    if (part.type === 'pause') return mark(kept);
    kept.rateHz = part.pcm.rateHz;
    kept.chunks.push(part.pcm.samples.slice());
  }

  function end(kept: Kept): void {
    kept.ended = true;
    mark(kept);
  }

  /** The utterances in one piece. */
  async function join(utterances: Sound['utterances'], signal: AbortSignal): Promise<Pcm | undefined> {
    const pieces: Float32Array[] = [];
    let rateHz = 0;
    for (const { utterance, pauses } of utterances) {
      const kept = sounds.get(utterance);
      if (kept === undefined) return undefined;
      while (kept.pauses.length < pauses && !kept.ended) await orAborted(kept.changed.promise, signal);
      pieces.push(...kept.chunks.slice(0, kept.pauses[pauses - 1] ?? kept.chunks.length));
      rateHz = kept.rateHz;
    }
    return { samples: concatSamples(pieces), rateHz };
  }

  return {
    keep(utterance, stream) {
      const kept: Kept = {
        rateHz: 0,
        chunks: [],
        pauses: [],
        ended: false,
        changed: Promise.withResolvers(),
      };
      sounds.set(utterance, kept);
      const [oldest = utterance] = sounds.keys();
      if (sounds.size > MAX_KEPT) sounds.delete(oldest);
      // Written by hand: a generator that nobody has begun to read would not let go of the stream.
      return {
        [Symbol.asyncIterator]() {
          const parts = stream[Symbol.asyncIterator]();
          return {
            async next() {
              const next = await parts.next();
              if (next.done === true) end(kept);
              else read(kept, next.value);
              return next;
            },
            async return() {
              end(kept);
              return (await parts.return?.()) ?? { done: true, value: undefined };
            },
          };
        },
      };
    },
    async put(messages, { message, utterances }, signal) {
      const first = Math.min(...utterances.map(({ utterance }) => utterance));
      for (const utterance of sounds.keys()) if (utterance < first) sounds.delete(utterance);
      const audio = await join(utterances, signal);
      const content = messages[message]?.content ?? '';
      if (audio) return messages.with(message, { role: 'user', content, audio });
      if (content !== '') return messages;
      throw new AppError('engine.failed', 'What was said is not there any more. Please say it again.', {
        retryable: true,
      });
    },
  };
}
