import { beforeAll, describe, expect, it } from 'vitest';
import { concatSamples, FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { createResampler } from '../../core/audio/resampler.ts';
import { createEspeak } from '../../engines/espeak.ts';
import { createSilero } from '../../engines/silero.ts';
import { createRandom } from '../support/random.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { collect, describeLifeCycle, never } from '../support/stage-contract.ts';

const config = { modelUrl: runtimeUrls.silero, runtimeUrl: runtimeUrls.ort, read: readFromDisk };
const create = () => createSilero(config);

describeLifeCycle('Silero', create);

describe('Silero', { timeout: 60_000 }, () => {
  let speech: Float32Array;
  const silero = create();

  beforeAll(async () => {
    await silero.load(() => {}, never);
    speech = await speak('Please set a timer for five minutes and tell me when it rings.');
  }, 60_000);

  async function score(samples: Float32Array): Promise<number[]> {
    silero.reset();
    const scores: number[] = [];
    for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES)
      scores.push(await silero.probability(samples.subarray(at, at + FRAME_SAMPLES)));
    return scores;
  }

  it('scores silence and soft noise below 0.2', async () => {
    const random = createRandom(7);
    const noise = Float32Array.from({ length: SPEECH_RATE_HZ }, () => 0.004 * (random.next() - 0.5));
    expect(Math.max(...(await score(new Float32Array(SPEECH_RATE_HZ))))).toBeLessThan(0.2);
    expect(Math.max(...(await score(noise)))).toBeLessThan(0.2);
  });

  it('scores most frames of speech above 0.5', async () => {
    const scores = await score(speech);
    expect(scores.filter((probability) => probability > 0.5).length / scores.length).toBeGreaterThan(0.7);
  });

  it('falls back below 0.2 within 320 ms of the end of speech', async () => {
    const scores = await score(concatSamples([speech, new Float32Array(SPEECH_RATE_HZ)]));
    const end = Math.ceil(speech.length / FRAME_SAMPLES);
    expect(Math.max(...scores.slice(end + 10))).toBeLessThan(0.2);
  });

  it('gives the same scores again after a reset', async () => {
    const first = await score(speech.subarray(0, 8_000));
    expect(await score(speech.subarray(0, 8_000))).toEqual(first);
  });

  it('survives frames of NaN, infinity and clipping', async () => {
    silero.reset();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e30, -1e30]) {
      const probability = await silero.probability(new Float32Array(FRAME_SAMPLES).fill(value));
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
    expect((await score(speech)).some((probability) => probability > 0.5)).toBe(true);
  });

  it('rejects a frame of another length', async () => {
    await expect(silero.probability(new Float32Array(480))).rejects.toMatchObject({ code: 'audio.invalid' });
  });

  it('names a model file that is missing or damaged', async () => {
    const missing = createSilero({ ...config, modelUrl: config.modelUrl.replace('v6', 'v99') });
    await expect(missing.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('silero_vad_v99.onnx'),
    });
    const damaged = createSilero({
      ...config,
      read: async (url, ...rest) => {
        const bytes = await readFromDisk(url, ...rest);
        return url.endsWith('.onnx') ? bytes.slice(0, 100_000) : bytes;
      },
    });
    await expect(damaged.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('silero_vad_v6.onnx'),
    });
  });
});

/** A sentence at 16 kHz, spoken by eSpeak. */
async function speak(text: string): Promise<Float32Array> {
  const espeak = createEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk });
  await espeak.load(() => {}, never);
  const chunks = await collect(espeak.speak(text, { id: 'en-us', speed: 1 }, never));
  const resampler = createResampler(chunks[0]?.rateHz ?? SPEECH_RATE_HZ, SPEECH_RATE_HZ);
  return resampler.push(concatSamples(chunks.map((chunk) => chunk.samples)));
}
