import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import type { EngineName } from '../../core/models/engines.ts';
import { launchOptions } from '../support/chromium.ts';
import { serveFamilies, type FamiliesPage } from '../support/families-page.ts';
import { watch, type Guard } from '../support/guard.ts';
import { microLlama } from '../support/micro/llama.ts';
import { microMoonshine } from '../support/micro/moonshine.ts';
import { microParakeet } from '../support/micro/parakeet.ts';
import { tones, type Tone } from '../support/micro/tones.ts';
import { microUltravox } from '../support/micro/ultravox.ts';
import { microVoxtral } from '../support/micro/voxtral.ts';
import { microWhisper } from '../support/micro/whisper.ts';
import type { ModelFiles } from '../support/micro/write.ts';
import type { FamilyConfig, Heard, Outcome } from '../support/pages/families.ts';

type Place = Pick<FamilyConfig, 'device' | 'dtype'>;

const devices = ['wasm', 'webgpu'] as const;

let served: FamiliesPage;
let browser: Browser;
let page: Page;
let guard: Guard;

test.beforeAll(async () => {
  served = await serveFamilies();
  browser = await chromium.launch(launchOptions());
});

test.afterAll(async () => {
  await browser.close();
  await served.close();
});

test.beforeEach(async () => {
  const context = await browser.newContext();
  guard = watch(context, served.url);
  page = await context.newPage();
  await page.goto(served.url);
});

test.afterEach(() => page.context().close());

/** Lays a model on the server and describes it as the catalogue would. */
async function model(engine: EngineName, files: ModelFiles, place: Place): Promise<FamilyConfig> {
  const id = `micro/${test.info().testId}`;
  await served.add(id, files);
  return served.config(engine, id, place, files);
}

const samplesOf = (sounds: readonly (readonly Tone[])[]): number[][] =>
  sounds.map((sound) => [...tones(...sound).samples]);

function recognise(config: FamilyConfig, ...sounds: readonly (readonly Tone[])[]): Promise<Heard> {
  const heard = samplesOf(sounds);
  return page.evaluate(([settings, each]) => window.families.recognise(settings, each), [
    config,
    heard,
  ] as const);
}
const reply = (config: FamilyConfig, message: string | number[] = 'hello'): Promise<Outcome> =>
  page.evaluate(([settings, said]) => window.families.reply(settings, said), [config, message] as const);

/** The graphs of a Whisper as the catalogue names them: the encoder whole, the decoder in 4 bits. */
function mixedWhisper(): ModelFiles {
  const { 'onnx/decoder_model_merged.onnx': decoder, ...files } = microWhisper('multilingual');
  return { ...files, 'onnx/decoder_model_merged_q4.onnx': decoder! };
}
const mixed = { encoder_model: 'fp32', decoder_model_merged: 'q4' } as const;

const recognisers = [
  { name: 'Whisper, its graphs in different types', engine: 'whisper', files: mixedWhisper(), dtype: mixed },
  { name: 'Whisper turbo', engine: 'whisper', files: microWhisper('turbo'), dtype: 'fp32' },
  { name: 'Voxtral', engine: 'voxtral', files: microVoxtral(), dtype: 'fp32' },
  { name: 'Moonshine', engine: 'moonshine', files: microMoonshine(), dtype: 'fp32' },
] as const;

for (const device of devices) {
  for (const { name, engine, files, dtype } of recognisers) {
    test(`hears on ${device}: ${name}`, async () => {
      const { outcomes } = await recognise(await model(engine, files, { device, dtype }), ['low'], ['high']);
      expect(outcomes).toEqual([{ text: 'low tone' }, { text: 'high tone' }]);
      expect(guard.problems()).toEqual([]);
    });
  }

  test(`hears on ${device}: Parakeet CTC`, async () => {
    const config = await model('ctc', microParakeet(), { device, dtype: 'fp32' });
    const { outcomes } = await recognise(config, ['low', 'high'], ['high', 'high', 'low']);
    expect(outcomes).toEqual([{ text: 'low high' }, { text: 'high high low' }]);
    expect(guard.problems()).toEqual([]);
  });

  test(`answers on ${device} what it hears: Ultravox`, async () => {
    const config = await model('ultravox', microUltravox(), { device, dtype: 'fp32' });
    expect(await reply(config, [...tones('high').samples])).toEqual({ text: 'high tone' });
    expect(guard.problems()).toEqual([]);
  });

  for (const dtype of ['fp32', 'q4'] as const) {
    test(`answers on ${device}: Llama in ${dtype}, its weights in a file of their own`, async () => {
      const files = microLlama({ modelType: 'llama', dtype, external: true });
      expect(await reply(await model('causal-lm', files, { device, dtype }))).toEqual({
        text: 'fine thanks',
      });
      expect(guard.problems()).toEqual([]);
    });
  }
}

for (const dtype of ['fp16', 'q4f16'] as const) {
  test(`answers on wasm: Qwen3 in ${dtype}`, async () => {
    const files = microLlama({ modelType: 'qwen3', dtype });
    const config = await model('causal-lm', files, { device: 'wasm', dtype });
    expect(await reply(config)).toEqual({ text: 'fine thanks' });
  });

  test(`says that this GPU has no half floats: Qwen3 in ${dtype}`, async () => {
    const files = microLlama({ modelType: 'qwen3', dtype });
    const config = await model('causal-lm', files, { device: 'webgpu', dtype });
    expect(await reply(config)).toMatchObject({ code: 'gpu.unavailable' });
  });
}

test('names the file of weights that is missing or has another hash', async () => {
  const files = microLlama({ modelType: 'llama', dtype: 'q4', external: true });
  const config = await model('causal-lm', files, { device: 'wasm', dtype: 'q4' });
  const weights = join(served.folder(config.modelId), 'onnx/model_q4.onnx_data');
  const message = expect.stringContaining('"onnx/model_q4.onnx_data"');
  await appendFile(weights, 'x');
  expect(await reply(config)).toEqual({ code: 'model.corrupt', message });
  await rm(weights);
  expect(await reply(config)).toEqual({ code: 'model.missing', message });
});

test('gathers no GPU memory from utterance to utterance: Whisper', async () => {
  const config = await model('whisper', microWhisper('english'), { device: 'webgpu', dtype: 'fp32' });
  const sounds = Array.from({ length: 5 }, (): Tone[] => ['low']);
  const { outcomes, gpuGrowthBytes } = await recognise(config, ...sounds);
  expect(outcomes).toEqual(sounds.map(() => ({ text: 'low tone' })));
  expect(gpuGrowthBytes).toBe(0);
});

test('is replaced between utterances where it holds more GPU memory than it may, unnoticed', async () => {
  const config = await model('whisper', microWhisper('english'), { device: 'webgpu', dtype: 'fp32' });
  const { outcomes, threads } = await page.evaluate(
    ([settings, sounds]) => window.families.recycle(settings, sounds, -1),
    [config, samplesOf([['low'], ['high'], ['low']])] as const,
  );
  expect(outcomes).toEqual([{ text: 'low tone' }, { text: 'high tone' }, { text: 'low tone' }]);
  expect(threads).toBeGreaterThan(1);
});
