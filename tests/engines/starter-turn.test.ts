import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatSamples, SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import { createResampler } from '../../core/audio/resampler.ts';
import { createRandom } from '../support/random.ts';
import { collect, never } from '../support/stage-contract.ts';
import { spoken, starterTurnDetector } from '../support/starter-engines.ts';
import { describeTurnDetector, pauseOf } from '../support/turn-detector-contract.ts';

/** The silence that has been heard when a pause is noticed: seven frames of 32 ms. */
const PAUSE_SAMPLES = 7 * 512;

describeTurnDetector('The starter turn models', starterTurnDetector, { audio: true, words: true });

describe('The starter turn models', () => {
  const detector = starterTurnDetector();
  beforeAll(() => detector.load(() => {}, never));
  afterAll(() => detector.dispose());

  /** The first `share` of a sentence and the pause after it, in a room that is not quite silent. */
  async function sayPart(sentence: string, share: number): Promise<Pcm> {
    const { samples, rateHz } = await spoken(sentence);
    const speech = createResampler(rateHz, SPEECH_RATE_HZ).push(samples);
    const part = speech.slice(0, Math.round(share * speech.length));
    const random = createRandom(5);
    const heard = concatSamples([part, new Float32Array(PAUSE_SAMPLES)]);
    return { samples: heard.map((sample) => sample + 0.001 * (random.next() - 0.5)), rateHz: SPEECH_RATE_HZ };
  }

  async function judge(pcm: Pcm, words: string): Promise<number> {
    return (await collect(detector.judge(pauseOf(pcm, words), never))).at(-1)!;
  }

  it.each([
    ['What time is it?', 'What time'],
    ['Set a timer for five minutes.', 'Set a timer for'],
    ['What is twelve times seven?', 'What is twelve times'],
    ['Turn on the lights in the kitchen.', 'Turn on the lights in the'],
  ])('take “%s” for more likely to be over than “%s”', async (whole, part) => {
    const over = await judge(await sayPart(whole, 1), whole);
    const cut = await judge(await sayPart(whole, part.length / whole.length), part);
    expect(cut).toBeLessThan(over - 0.1);
    expect(cut).toBeLessThan(0.5);
  });
});
