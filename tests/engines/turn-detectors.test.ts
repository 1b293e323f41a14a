import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhisperFeatureExtractor } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import { combineDetectors } from '../../core/stages/combine-detectors.ts';
import type { EngineConfig } from '../../engines/engine-config.ts';
import { createAudioTurnDetector } from '../../engines/turn-audio.ts';
import { createTextTurnDetector } from '../../engines/turn-text.ts';
import { lastNormalised } from '../../engines/turn/normalise.ts';
import { createRandom } from '../support/random.ts';
import { collect, describeLifeCycle, never } from '../support/stage-contract.ts';
import { TINY_AUDIO_FRAMES, writeTinyTurnModels } from '../support/tiny-turn-models.ts';
import { describeTurnDetector, pauseOf, steady } from '../support/turn-detector-contract.ts';

const models = await writeTinyTurnModels();
afterAll(() => models.remove());

const createAudio = () => createAudioTurnDetector(models.audio);
const createText = () => createTextTurnDetector(models.text);
const createBoth = () => combineDetectors(createAudio(), createText());

describeLifeCycle('The turn detector that hears', createAudio);
describeLifeCycle('The turn detector that reads', createText);
describeLifeCycle('The turn detector that does both', createBoth);
describeTurnDetector('The turn detector that hears', createAudio, { audio: true, words: false });
describeTurnDetector('The turn detector that reads', createText, { audio: false, words: true });
describeTurnDetector('The turn detector that does both', createBoth, { audio: true, words: true });

describe('The turn detector that hears', () => {
  const detector = createAudio();
  beforeAll(() => detector.load(() => {}, never));
  afterAll(() => detector.dispose());

  const hear = async (pcm: Pcm): Promise<number> => (await collect(detector.judge(pauseOf(pcm), never)))[0]!;

  function noise(seconds: number, seed: number): Float32Array {
    const random = createRandom(seed);
    return Float32Array.from({ length: seconds * SPEECH_RATE_HZ }, () => 0.2 * (random.next() - 0.5));
  }
  const pcm = (samples: Float32Array): Pcm => ({ samples, rateHz: SPEECH_RATE_HZ });

  it('prepares audio as Smart Turn does: padded before, then normalised, then the extractor of Whisper', async () => {
    const samples = noise(3, 1);
    const folder = join(models.folder, models.audio.modelId);
    const extractor = await WhisperFeatureExtractor.from_pretrained(folder);
    const { input_features: features } = await extractor._call(lastNormalised(samples, 128_000));
    const [, bands = 0, frames = 0] = features.dims;
    const data = features.data as Float32Array;
    let sum = 0;
    for (let band = 0; band < bands; band++) {
      for (let frame = frames - TINY_AUDIO_FRAMES; frame < frames; frame++)
        sum += data[band * frames + frame]!;
    }
    const expected = 1 / (1 + Math.exp(-sum / (bands * TINY_AUDIO_FRAMES)));
    expect(await hear(pcm(samples))).toBeCloseTo(expected, 4);
  });

  it('hears the end of long audio only', async () => {
    const end = noise(8, 2);
    const long = new Float32Array(end.length + 3 * SPEECH_RATE_HZ).fill(0.9);
    long.set(end, long.length - end.length);
    expect(await hear(pcm(long))).toBeCloseTo(await hear(pcm(end)), 6);
  });

  it('hears the same whatever the level and offset of the microphone', async () => {
    const samples = noise(8, 3);
    const louder = samples.map((sample) => 4 * sample + 0.05);
    expect(await hear(pcm(louder))).toBeCloseTo(await hear(pcm(samples)), 3);
  });

  it('rejects another rate, and recordings of more than a minute', async () => {
    const wrong = { samples: new Float32Array(48_000), rateHz: 48_000 };
    await expect(hear(wrong)).rejects.toMatchObject({ code: 'audio.invalid' });
    await expect(hear(steady(61))).rejects.toMatchObject({ code: 'audio.invalid' });
  });
});

describe('The window that is heard', () => {
  it('has mean 0 and variance 1, the silence before short audio included', () => {
    const window = lastNormalised(Float32Array.of(0.5, -0.25, 0.5), 6);
    const mean = window.reduce((sum, sample) => sum + sample, 0) / window.length;
    const variance = window.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / window.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 4);
    expect(window[0]).toBe(window[2]);
    expect(window[3]).toBeGreaterThan(window[2]!);
  });

  it('stays silent where there is no sound', () => {
    expect([...lastNormalised(new Float32Array(4), 4)]).toEqual([0, 0, 0, 0]);
  });
});

describe('The turn detector that reads', () => {
  const detector = createText();
  beforeAll(() => detector.load(() => {}, never));
  afterAll(() => detector.dispose());

  const read = async (...words: string[]): Promise<number[]> =>
    collect(detector.judge(pauseOf(undefined, ...words), never));

  it('takes the second label of two as complete', async () => {
    const [more = 0, done = 0] = await read('more', 'what time is done');
    expect(more).toBeCloseTo(1 / (1 + Math.exp(2)), 5);
    expect(done).toBeCloseTo(1 / (1 + Math.exp(-2)), 5);
  });

  it('keeps the last words of a long turn', async () => {
    const [probability = 0] = await read(`${'more '.repeat(300)}${'time '.repeat(60)}done`);
    expect(probability).toBeGreaterThan(0.8);
  });

  it('reads a text without spaces, and words that its tokenizer does not know', async () => {
    expect(await read('x'.repeat(5_000), '时间', '🎉')).toHaveLength(3);
  });

  it('is bound by the rules', async () => {
    const [unfinished = 1, finished = 0] = await read('done done and', 'no');
    expect(unfinished).toBeLessThanOrEqual(0.1);
    expect(finished).toBeGreaterThanOrEqual(0.9);
  });
});

describe('A turn detector whose files are not sound', () => {
  async function loadSpoilt(
    config: EngineConfig,
    create: (config: EngineConfig) => ReturnType<typeof createAudio>,
    spoil: (folder: string) => Promise<void>,
  ): Promise<void> {
    const copy = await writeTinyTurnModels();
    try {
      await spoil(join(copy.folder, config.modelId));
      await create({ ...config, modelsUrl: copy.folder }).load(() => {}, never);
    } finally {
      await copy.remove();
    }
  }

  it.each([
    ['tiny/turn-audio', 'preprocessor_config.json'],
    ['tiny/turn-audio', 'onnx/model_quantized.onnx'],
    ['tiny/turn-text', 'tokenizer.json'],
    ['tiny/turn-text', 'onnx/model_quantized.onnx'],
  ])('names what is missing or damaged: %s/%s', async (modelId, file) => {
    const isAudio = modelId === models.audio.modelId;
    const config = isAudio ? models.audio : models.text;
    const create = isAudio ? createAudioTurnDetector : createTextTurnDetector;
    const message = expect.stringContaining(file) as string;
    const missing = loadSpoilt(config, create, (folder) => rm(join(folder, file)));
    await expect(missing).rejects.toMatchObject({ code: 'model.missing', message });
    const damaged = loadSpoilt(config, create, (folder) => writeFile(join(folder, file), '<html></html>'));
    await expect(damaged).rejects.toMatchObject({ code: 'model.corrupt', message });
  });

  it('cannot be used before it is loaded', async () => {
    await expect(collect(createAudio().judge(pauseOf(steady(1)), never))).rejects.toMatchObject({
      code: 'engine.failed',
    });
  });
});
