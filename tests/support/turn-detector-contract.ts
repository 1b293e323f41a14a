import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import type { Pause, TurnDetector } from '../../core/stages/turn-detector.ts';
import { aborted, collect, never } from './stage-contract.ts';

/** A stream of these items that tells when its reader has left or reached the end; `open` ones never end. */
export interface WatchedStream<T> extends AsyncIterable<T> {
  left: Promise<void>;
}

export function watched<T>(items: readonly T[], { open = false } = {}): WatchedStream<T> {
  const left = Promise.withResolvers<void>();
  const rest = [...items];
  return {
    left: left.promise,
    [Symbol.asyncIterator]: () => ({
      next() {
        if (rest.length > 0) return Promise.resolve({ done: false, value: rest.shift()! });
        if (open) return new Promise(() => {});
        left.resolve();
        return Promise.resolve({ done: true, value: undefined });
      },
      return() {
        left.resolve();
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
}

/** Audio of a pause in one piece, every sample the same. */
export function steady(seconds: number, value = 0): Pcm {
  return { samples: new Float32Array(seconds * SPEECH_RATE_HZ).fill(value), rateHz: SPEECH_RATE_HZ };
}

export interface WatchedPause extends Pause {
  audio: WatchedStream<Pcm>;
  words: WatchedStream<string>;
}

/** A pause of which this much is known; nothing more comes. */
export function pauseOf(pcm: Pcm | undefined, ...words: string[]): WatchedPause {
  return { audio: watched(pcm === undefined ? [] : [pcm]), words: watched(words) };
}

const WORDS = 'What time is it?';

/** What every turn detector promises, whichever part of a pause it knows; see `TurnDetector` in core/stages. */
export function describeTurnDetector(
  name: string,
  create: () => TurnDetector,
  knows: { audio: boolean; words: boolean },
): void {
  describe(`${name}: judging pauses`, () => {
    const detector = create();
    beforeAll(() => detector.load(() => {}, never));
    afterAll(() => detector.dispose());

    const judge = (pause: Pause, signal = never): Promise<number[]> => collect(detector.judge(pause, signal));

    async function expectProbabilities(pause: Pause): Promise<void> {
      const probabilities = await judge(pause);
      expect(probabilities.length).toBeGreaterThan(0);
      for (const probability of probabilities) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    }

    it('judges silence', () => expectProbabilities(pauseOf(steady(2), WORDS)));

    it('judges audio longer than it can hear', () => expectProbabilities(pauseOf(steady(20, 0.1), WORDS)));

    it('says nothing where there is neither audio nor a word', async () => {
      expect(await judge(pauseOf(undefined))).toEqual([]);
      expect(await judge(pauseOf(steady(0), '', '  '))).toEqual([]);
    });

    it('judges again when the words are known better', async () => {
      const once = await judge(pauseOf(undefined, WORDS));
      const twice = await judge(pauseOf(undefined, 'What time', WORDS));
      expect([once.length, twice.length]).toEqual(knows.words ? [1, 2] : [0, 0]);
    });

    it('refuses audio that is no sound, unless it has words to go by', async () => {
      const noise = steady(1, Number.NaN);
      if (knows.words) return expectProbabilities(pauseOf(noise, WORDS));
      await expect(judge(pauseOf(noise))).rejects.toMatchObject({ code: 'audio.invalid' });
      await expectProbabilities(pauseOf(steady(1)));
    });

    it('lets go of what it does not read', async () => {
      const pause: WatchedPause = {
        audio: watched([steady(1)], { open: !knows.audio }),
        words: watched([WORDS], { open: !knows.words }),
      };
      await expectProbabilities(pause);
      await Promise.all([pause.audio.left, pause.words.left]);
    });

    it('gives up at once when words never come, and judges the next pause', async () => {
      const controller = new AbortController();
      const pause: WatchedPause = {
        audio: watched<Pcm>([], { open: true }),
        words: watched<string>([], { open: true }),
      };
      const judged = judge(pause, controller.signal);
      controller.abort();
      await expect(judged).rejects.toMatchObject({ code: 'aborted' });
      await Promise.all([pause.audio.left, pause.words.left]);
      await expectProbabilities(pauseOf(steady(1), WORDS));
    });

    it('rejects with `aborted` when the signal has fired, and lets go of the streams', async () => {
      const pause = pauseOf(steady(1), WORDS);
      await expect(judge(pause, aborted())).rejects.toMatchObject({ code: 'aborted' });
      await Promise.all([pause.audio.left, pause.words.left]);
    });

    it('lets go when its listener leaves', async () => {
      const pause: WatchedPause = {
        audio: watched([steady(1)]),
        words: watched([WORDS], { open: true }),
      };
      for await (const _ of detector.judge(pause, never)) break;
      await Promise.all([pause.audio.left, pause.words.left]);
      await expectProbabilities(pauseOf(steady(1), WORDS));
    });
  });
}
