import { beforeAll, describe, expect, it } from 'vitest';
import { concatSamples, type Pcm } from '../../core/audio/pcm.ts';
import { openEspeak, type EspeakRuntime } from '../../engines/espeak-runtime.ts';
import { likeness } from '../../engines/spoken-test/likeness.ts';
import { spokenTest, TEST_SENTENCE } from '../../engines/spoken-test/spoken-test.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { aborted, never } from '../support/stage-contract.ts';

describe('The spoken test of a voice', () => {
  let espeak: EspeakRuntime;
  beforeAll(async () => {
    espeak = await openEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk }, () => {}, never);
  });

  const speech = (text: string, voice: string, rate: number): Pcm => ({
    samples: concatSamples(espeak.synthesize(text, voice, rate)),
    rateHz: espeak.rateHz,
  });
  const british = () => speech(TEST_SENTENCE, 'gmw/en', 200);
  const made = (length: number): Pcm => ({ samples: new Float32Array(length), rateHz: 24_000 });

  it('[VOICE-4] says of a GPU that speaks wrongly, or not at all, where the voice runs instead', async () => {
    const gpu = {
      code: 'gpu.unavailable',
      message: expect.stringContaining('it runs on the processor instead'),
    };
    const listen = (say: () => Promise<Pcm>) => spokenTest(say, espeak, 'webgpu', never);
    await expect(listen(async () => british())).resolves.toBeUndefined();
    const { samples, rateHz } = british();
    await expect(listen(async () => ({ samples: samples.toReversed(), rateHz }))).rejects.toMatchObject(gpu);
    await expect(listen(async () => ({ samples, rateHz: rateHz / 4 }))).rejects.toMatchObject(gpu);
    await expect(listen(async () => made(0))).rejects.toMatchObject(gpu);
    await expect(listen(async () => made(24_000 * 60))).rejects.toMatchObject(gpu);
    await expect(listen(() => Promise.reject(new Error('shader')))).rejects.toMatchObject(gpu);
  });

  it('[VOICE-4] blames no GPU elsewhere, and nothing when it is given up', async () => {
    const silent = async () => made(48_000);
    await expect(spokenTest(silent, espeak, 'wasm', never)).rejects.toMatchObject({ code: 'engine.failed' });
    await expect(spokenTest(silent, espeak, 'webgpu', aborted())).rejects.toMatchObject({ code: 'aborted' });
  });

  it('[VOICE-4] is passed by a voice that says the sentence, and by none that says another', () => {
    const reference = speech(TEST_SENTENCE, 'gmw/en-US', 175);
    const other = speech('The weather is fine and nobody needs a coat.', 'gmw/en', 175);
    expect(likeness(british(), reference)).toBeLessThan(0.5);
    expect(likeness(other, reference)).toBeGreaterThan(0.8);
    expect(likeness(speech('She sees', 'gmw/en', 175), reference)).toBeGreaterThan(0.8);
    expect(likeness(made(24_000), reference)).toBeGreaterThan(0.9);
    expect(likeness(made(0), reference)).toBe(1);
  });
});
