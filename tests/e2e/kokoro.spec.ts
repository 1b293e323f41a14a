import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import type { CatalogModel } from '../../core/models/catalog.ts';
import { openEspeak } from '../../engines/espeak-runtime.ts';
import { phonemize } from '../../engines/kokoro/g2p.ts';
import { readVocabulary } from '../../engines/kokoro/vocabulary.ts';
import { launchOptions } from '../support/chromium.ts';
import { watch, type Guard } from '../support/guard.ts';
import { serveKokoroPage, type KokoroPage } from '../support/kokoro-page.ts';
import { microSupertonicFiles, microTone } from '../support/micro-supertonic.ts';
import { kokoroTokenizer, microKokoroFiles, microSpeech } from '../support/micro-kokoro.ts';
import type { KokoroHarness } from '../support/pages/kokoro.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';

declare const kokoro: KokoroHarness;

const SENTENCE = 'The timer is set for 5 minutes; anything else?';

let served: KokoroPage;
let model: CatalogModel;
let browser: Browser;
let guard: Guard;
let page: Page;

test.beforeAll(async () => {
  served = await serveKokoroPage();
  model = await served.addModel('kokoro', 'micro/kokoro', microKokoroFiles());
});

test.afterAll(() => served.close());

test.beforeEach(async () => {
  browser = await chromium.launch(launchOptions());
  const context = await browser.newContext();
  guard = watch(context, served.url);
  page = await context.newPage();
  await page.goto(served.url);
});

test.afterEach(async () => {
  await browser.close();
  expect(guard.problems()).toEqual([]);
});

const load = (which: CatalogModel, device: 'wasm' | 'webgpu') =>
  page.evaluate(([each, on]) => kokoro.load(each, on), [which, device] as const);

const speak = (text: string, { voice = 'af_heart', speed = 1, pieces = 1e9 } = {}) =>
  page.evaluate(([said, id, rate, most]) => kokoro.speak(said, id, rate, most), [
    text,
    voice,
    speed,
    pieces,
  ] as const);

/** What the micro-Kokoro is to say, computed here. */
async function expected(text: string, locale: string, speed: number): Promise<Float32Array> {
  const espeak = await openEspeak(
    { assetUrl: runtimeUrls.espeak, read: readFromDisk },
    () => {},
    new AbortController().signal,
  );
  const vocabulary = readVocabulary(kokoroTokenizer, { name: 'Micro-Kokoro', modelId: 'micro/kokoro' });
  return microSpeech(vocabulary.encode(vocabulary.known(phonemize(text, locale, espeak))), speed);
}

function worstDifference(samples: readonly number[], right: Float32Array): number {
  expect(samples.length).toBe(right.length);
  return samples.reduce((worst, sample, at) => Math.max(worst, Math.abs(sample - right[at]!)), 0);
}

for (const device of ['wasm', 'webgpu'] as const) {
  test(`[VOICE-3] Kokoro speaks in its thread on ${device}, sample by sample what it should`, async () => {
    expect(await load(model, device)).toBeUndefined();
    expect(await page.evaluate(() => kokoro.describe())).toMatchObject({ id: 'micro/kokoro', device });
    const english = await speak(SENTENCE);
    expect(english.failure).toBeUndefined();
    expect(english.rateHz).toBe(24_000);
    // The quantised weights are exact to one part in 254.
    const tolerance = device === 'wasm' ? 0.01 : 1e-3;
    expect(worstDifference(english.samples, await expected(SENTENCE, 'en-us', 1))).toBeLessThan(tolerance);
    const french = 'Il est 7h30, M. Dupont.';
    const spoken = await speak(french, { voice: 'ff_siwis', speed: 1.25 });
    expect(worstDifference(spoken.samples, await expected(french, 'fr', 1.25))).toBeLessThan(tolerance);
  });

  test(`Kokoro on ${device} stops when it is told to, and speaks again`, async () => {
    expect(await load(model, device)).toBeUndefined();
    const stopped = await speak(`${SENTENCE} `.repeat(100).trim(), { pieces: 1 });
    expect(stopped.failure?.code).toBe('aborted');
    expect(stopped.samples).toHaveLength(4_800);
    const again = await speak('Yes.');
    expect(again.failure).toBeUndefined();
    expect(again.samples.length).toBeGreaterThan(0);
  });
}

test('[VOICE-4] a GPU on which Kokoro speaks wrongly is given up in words, and wasm speaks', async () => {
  const files = microKokoroFiles();
  for (const fault of ['noise', 'nan'] as const) {
    const broken = new Map([...files, ['onnx/model.onnx', microKokoroFiles(fault).get('onnx/model.onnx')!]]);
    const liar = await served.addModel('kokoro', `micro/kokoro-${fault}`, broken);
    expect(await load(liar, 'webgpu')).toEqual({
      code: 'gpu.unavailable',
      message: 'The voice sounds wrong on this GPU; it runs on the processor instead.',
    });
    expect(await load(liar, 'wasm')).toBeUndefined();
    expect((await speak('Yes.')).samples.length).toBeGreaterThan(0);
  }
});

test('what Kokoro cannot say or find is refused in words, and it speaks on', async () => {
  expect(await load(model, 'wasm')).toBeUndefined();
  expect((await speak('', {})).samples).toEqual([]);
  expect((await speak('Guten Tag.', { voice: 'de' })).failure).toMatchObject({
    code: 'input.invalid',
    message: expect.stringContaining('Choose a voice'),
  });
  expect((await speak('Hello.', { voice: 'am_onyx' })).failure).toMatchObject({
    code: 'model.missing',
    message: expect.stringContaining('voices/am_onyx.bin'),
  });
  await served.spoil('micro/kokoro', 'voices/bf_emma.bin', new Uint8Array(522_240));
  expect((await speak('Hello.', { voice: 'bf_emma' })).failure).toMatchObject({
    code: 'model.corrupt',
    message: expect.stringContaining('voices/bf_emma.bin'),
  });
  expect((await speak('Hello.')).samples.length).toBeGreaterThan(0);
});

test('[E2E-7] a corrupt file of Kokoro is refused by its hash and named', async () => {
  const spoilt = await served.addModel('kokoro', 'micro/kokoro-spoilt', microKokoroFiles());
  await served.spoil(
    'micro/kokoro-spoilt',
    'onnx/model_quantized.onnx',
    microKokoroFiles('hum').get('onnx/model_quantized.onnx')!,
  );
  expect(await load(spoilt, 'wasm')).toMatchObject({
    code: 'model.corrupt',
    message: expect.stringContaining('onnx/model_quantized.onnx'),
  });
});

test('[VOICE-3] Supertonic speaks in the same thread, and a tone in place of speech is refused on the GPU', async () => {
  const supertonic = await served.addModel('supertonic', 'micro/supertonic', microSupertonicFiles());
  expect(await load(supertonic, 'webgpu')).toMatchObject({ code: 'gpu.unavailable' });
  expect(await load(supertonic, 'wasm')).toBeUndefined();
  const { samples, rateHz, failure } = await speak('It is ten past five.', { voice: 'es+f1' });
  expect(failure).toBeUndefined();
  expect(rateHz).toBe(44_100);
  const right = microTone('It is ten past five.', 'es', 1.05);
  expect(Math.abs(samples.length - right.length)).toBeLessThanOrEqual(1);
  expect(worstDifference(samples.slice(0, right.length - 1), right.slice(0, -1))).toBeLessThan(1e-4);
});
