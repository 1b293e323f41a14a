import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../core/placement/make-plan.ts';
import type { PlanInput, ServerOffer } from '../../../core/placement/plan.ts';
import { hasDrifted, isTooSlow, refineSpeed } from '../../../core/placement/speed.ts';
import { desktop, emulatedGpu, gpu, leastGpu, oldGpu } from '../../support/devices.ts';
import { ownCatalogue, pulledCatalogue } from '../../support/pulled-catalogue.ts';

const laptop = desktop(8, 8, gpu());

function plan(more: Partial<PlanInput> = {}) {
  return makePlan({
    device: laptop,
    models: ownCatalogue.models,
    canRun: () => true,
    isStored: () => false,
    offers: [],
    speeds: {},
    prefer: 'this-device',
    choices: {},
    language: 'en',
    tier: 'full',
    ...more,
  });
}

const all = { models: pulledCatalogue.models };
const keys = (stage: { chain: readonly { key: string }[] }) => stage.chain.map(({ key }) => key);
const about = (stage: ReturnType<typeof plan>['stt'], key: string) =>
  stage.passedOver.find((each) => each.key === key)?.reason;

const STARTER = 'starter/recogniser wasm q8';
const TURBO_F16 = 'onnx-community/whisper-large-v3-turbo webgpu fp16 q4';
const LLAMA_8B = 'mlc-ai/Llama-3.1-8B-Instruct-q4f16_1-MLC webgpu q4f16';

describe('[PLACE-4] what comes with Parley', () => {
  it('serves where nothing else is here, small models on the processor, and says why', () => {
    const { vad, turn, stt, llm, tts } = plan();
    expect(keys(stt)).toEqual([STARTER, 'starter/recogniser webgpu fp32']);
    expect(keys(llm)[0]).toBe('starter/chat wasm q8');
    expect(stt.chain[0]?.reason).toBe(
      'The best that is here: it comes with Parley and knows everyday phrases only. It is small, and the processor is quicker for it.',
    );
    expect(keys(turn)).toEqual(['starter/turn-audio wasm q8 + starter/turn-text wasm q8', 'turn-rules']);
    expect([keys(vad), keys(tts)]).toEqual([['silero-vad'], ['espeak-ng']]);
  });

  it('leaves turn-taking to rules where one of its two models is missing', () => {
    const models = ownCatalogue.models.filter(({ id }) => id !== 'starter/turn-text');
    expect(keys(plan({ models }).turn)).toEqual(['turn-rules']);
  });

  it('is nothing where the catalogue is empty', () => {
    expect(plan({ models: [] }).llm).toEqual({ chain: [], passedOver: [] });
  });

  it('is joined by what the page has stored', () => {
    const models = pulledCatalogue.models.map((model) => ({
      ...model,
      variants: model.variants.map((variant) => ({ ...variant, served: false })),
    }));
    const { stt } = plan({ models, isStored: (key) => key === 'onnx-community/moonshine-base-ONNX wasm q8' });
    expect(keys(stt)[0]).toBe('onnx-community/moonshine-base-ONNX wasm q8');
  });
});

describe('[PLACE-5] why a model is passed over', () => {
  it.each([
    ['16-bit shaders', oldGpu, TURBO_F16, 'It needs 16-bit shaders, which this graphics chip lacks.'],
    ['a graphics chip', null, TURBO_F16, 'It needs WebGPU, which this browser does not offer.'],
    ['limits', leastGpu, LLAMA_8B, 'It needs 16-bit shaders, which this graphics chip lacks.'],
    ['memory', gpu(), LLAMA_8B, 'It takes about 5.0 GB of memory, and may take 2.3 GB on this device.'],
  ])('is said in words: %s', (_name, chip, key, reason) => {
    const { stt, llm } = plan({ ...all, device: desktop(8, 8, chip) });
    expect(about(stt, key) ?? about(llm, key)).toBe(reason);
  });

  it('is that it is not here, or that there is no room for it', () => {
    expect(about(plan().stt, TURBO_F16)).toBe('It is not on this device yet.');
    const full = { ...laptop, storageBytes: 30_000_000 };
    const models = pulledCatalogue.models.map((model) => ({
      ...model,
      variants: model.variants.map((variant) => ({ ...variant, served: false })),
    }));
    expect(about(plan({ models, device: full }).stt, 'onnx-community/moonshine-base-ONNX wasm q8')).toBe(
      'It is not on this device, and there is no room for it: 60 MB, with 30 MB free.',
    );
  });

  it('is that nothing here can load it', () => {
    const { tts } = plan({ ...all, canRun: (_stage, engine) => engine !== 'kokoro' });
    expect(about(tts, 'onnx-community/Kokoro-82M-v1.0-ONNX webgpu fp32')).toBe(
      'Parley has no engine for it yet.',
    );
  });

  it('is larger buffers than WebGPU promises, for WebLLM', () => {
    const device = desktop(16, 8, { ...leastGpu, shaderF16: true });
    expect(about(plan({ ...all, device }).llm, LLAMA_8B)).toBe(
      'It needs larger buffers than this graphics chip offers.',
    );
  });

  it.each(['de', 'nl'])('is a voice that does not speak the language: %s', (language) => {
    const kokoro = 'onnx-community/Kokoro-82M-v1.0-ONNX';
    const { tts } = plan({ ...all, language, choices: { tts: { model: kokoro, place: 'wasm' } } });
    expect(keys(tts)).toEqual(['espeak-ng']);
    expect(tts.chain[0]?.reason).toContain('speaks every language');
    expect(about(tts, `${kokoro} wasm q8`)).toBe('It does not speak your language.');
  });
});

describe('[PLACE-6] a chain', () => {
  it('holds something that needs no graphics chip', () => {
    const { llm } = plan({ ...all, device: desktop(8, 2, gpu()) });
    expect(llm.chain.some(({ place }) => place === 'wasm')).toBe(true);
    const large = pulledCatalogue.models.filter(({ id }) => id.includes('Llama-3.2-1B-Instruct-ONNX'));
    const only = plan({ models: large, device: desktop(16, 2, gpu()) });
    expect(only.llm.chain.map(({ place }) => place)).toEqual(['webgpu', 'webgpu', 'wasm']);
  });

  it('holds the least unwise where nothing fits', () => {
    const large = pulledCatalogue.models.filter(({ id }) => id.includes('Voxtral'));
    const { stt } = plan({ models: large, device: desktop(2, 2, gpu()) });
    expect(stt.chain).toHaveLength(1);
    expect(stt.chain[0]?.reason).toContain('It takes about');
  });

  it('leaves an emulated graphics chip alone', () => {
    const { stt } = plan({ device: desktop(8, 8, emulatedGpu) });
    expect(keys(stt)).toEqual([STARTER]);
    expect(stt.passedOver.find(({ key }) => key === 'starter/recogniser webgpu fp32')).toMatchObject({
      possible: true,
      reason: 'The graphics chip is imitated in software here, and the processor is quicker.',
    });
  });
});

describe('[PLACE-7] a choice of the person', () => {
  it('goes first, also where it is unwise', () => {
    const device = desktop(8, 8, emulatedGpu);
    const choices = {
      stt: { model: 'starter/recogniser', place: 'webgpu' },
      tts: { model: 'espeak-ng', place: 'wasm' },
    } as const;
    const { stt, tts } = plan({ ...all, device, choices });
    expect(keys(stt).slice(0, 2)).toEqual([
      'starter/recogniser webgpu fp32',
      'onnx-community/parakeet-ctc-0.6b-ONNX wasm q4',
    ]);
    expect(stt.chain[0]?.reason).toContain('You chose it. The graphics chip is imitated');
    expect(keys(tts)[0]).toBe('espeak-ng');
  });

  it('counts for nothing where it cannot run', () => {
    const choices = { llm: { model: 'mlc-ai/Llama-3.1-8B-Instruct-q4f16_1-MLC', place: 'webgpu' } } as const;
    expect(keys(plan({ choices }).llm)[0]).toBe('starter/chat wasm q8');
  });
});

describe('[PLACE-8] after a crash at the start', () => {
  it('the graphics chip is left alone, whatever was chosen', () => {
    const choices = { llm: { model: 'onnx-community/Qwen3-0.6B-ONNX', place: 'webgpu' } } as const;
    const { llm, stt } = plan({ ...all, choices, tier: 'no-gpu' });
    expect([...llm.chain, ...stt.chain].some(({ place }) => place === 'webgpu')).toBe(false);
    expect(llm.chain[0]?.reason).toContain('Parley was stopped while it started');
  });

  it('and then the smallest models serve', () => {
    const { llm, stt, tts } = plan({ ...all, tier: 'smallest' });
    expect([keys(stt)[0], keys(llm)[0], keys(tts)[0]]).toEqual([
      STARTER,
      'starter/chat wasm q8',
      'espeak-ng',
    ]);
  });
});

describe('[PLACE-9] a server', () => {
  const offers: ServerOffer[] = [
    { stage: 'llm', id: 'llama-24b', name: 'Llama on the server', delayMs: 400 },
  ];

  it('is used for speed only, and says so', () => {
    const { llm } = plan({ offers });
    expect(llm.chain.some(({ place }) => place === 'server')).toBe(false);
    expect(about(llm, 'llama-24b server')).toBe('You want what you say to stay on this device.');
  });

  it('goes before what was measured to be slower than it', () => {
    const slow = { delayMs: 900 };
    const speeds = { 'starter/chat wasm q8': slow, 'starter/chat webgpu fp32': slow };
    expect(keys(plan({ offers, speeds, prefer: 'fastest' }).llm)[0]).toBe('llama-24b server');
    const first = keys(plan({ ...all, prefer: 'fastest' }).llm)[0]!;
    const fastest = (speeds: PlanInput['speeds']) =>
      keys(plan({ ...all, offers, speeds, prefer: 'fastest' }).llm);
    expect(fastest({ [first]: { delayMs: 90 } })[0]).toBe(first);
    // What was measured of the server counts for more than what it says of itself.
    const measured = fastest({ [first]: { delayMs: 90 }, 'llama-24b server': { delayMs: 30 } });
    expect(measured[0]).toBe('llama-24b server');
  });

  it('goes before a model here that knows everyday phrases only, unless it has nothing better', () => {
    const speeds = { 'starter/chat wasm q8': { delayMs: 90 }, 'starter/chat webgpu fp32': { delayMs: 90 } };
    expect(keys(plan({ offers, speeds, prefer: 'fastest' }).llm)[0]).toBe('llama-24b server');
    const same: ServerOffer[] = [{ stage: 'llm', id: 'starter/chat', name: 'Chat', delayMs: 400 }];
    expect(keys(plan({ offers: same, speeds, prefer: 'fastest' }).llm).at(-1)).toBe('starter/chat server');
  });

  it('is used where the person chose it for a stage, with what runs here behind it', () => {
    const { llm, stt } = plan({ offers, choices: { llm: { model: 'llama-24b', place: 'server' } } });
    expect(keys(llm).slice(0, 2)).toEqual(['llama-24b server', 'starter/chat wasm q8']);
    expect(llm.chain[0]?.reason).toBe('You chose it.');
    expect(llm.chain[1]?.reason).toContain('takes over');
    expect(stt.chain.some(({ place }) => place === 'server')).toBe(false);
  });

  it('is no place for what it does not offer, whatever was chosen', () => {
    const { llm } = plan({ offers: [], choices: { llm: { model: 'llama-24b', place: 'server' } } });
    expect(keys(llm)[0]).toBe('starter/chat wasm q8');
  });

  it('does not take the place of the model here that the person chose', () => {
    const choices = { llm: { model: 'starter/chat', place: 'wasm' } } as const;
    const speeds = { 'starter/chat wasm q8': { delayMs: 2_000 } };
    expect(keys(plan({ offers, speeds, choices, prefer: 'fastest' }).llm)[0]).toBe('starter/chat wasm q8');
  });

  it('has no voice for who speaks another language than it does, chosen or not', () => {
    const id = 'onnx-community/Kokoro-82M-v1.0-ONNX';
    const voice: ServerOffer[] = [{ stage: 'tts', id, name: 'Kokoro', delayMs: 5 }];
    const choices = { tts: { model: id, place: 'server' } } as const;
    const { tts } = plan({ ...all, offers: voice, choices, prefer: 'fastest', language: 'nl' });
    expect(tts.chain.some(({ place }) => place === 'server')).toBe(false);
    expect(about(tts, `${id} server`)).toBe('It does not speak your language.');
    const english = plan({ ...all, offers: voice, choices, prefer: 'fastest' });
    expect(english.tts.chain[0]?.key).toBe(`${id} server`);
  });

  it('does not speak with a voice that the page has itself, unless that was chosen', () => {
    const voice: ServerOffer[] = [{ stage: 'tts', id: 'espeak-ng', name: 'eSpeak NG', delayMs: 5 }];
    const { tts } = plan({ offers: voice, prefer: 'fastest' });
    expect(keys(tts)).toEqual(['espeak-ng']);
    expect(about(tts, 'espeak-ng server')).toContain('comes with the page');
    const chosen = plan({ offers: voice, choices: { tts: { model: 'espeak-ng', place: 'server' } } });
    expect(keys(chosen.tts)).toEqual(['espeak-ng server', 'espeak-ng']);
  });
});

describe('[PLACE-10] measured speeds', () => {
  it('take a model out that is too slow to talk with', () => {
    const key = 'onnx-community/parakeet-ctc-0.6b-ONNX webgpu q4';
    const { stt } = plan({ ...all, speeds: { [key]: { delayMs: 4_200 } } });
    expect(keys(stt)[0]).not.toBe(key);
    expect(about(stt, key)).toBe('It is too slow here: 4.2 s were measured.');
  });

  it('let one in that looked too large', () => {
    const device = desktop(16, 4, null);
    const key = 'onnx-community/Llama-3.2-1B-Instruct-ONNX wasm q4';
    expect(keys(plan({ ...all, device }).llm)[0]).not.toBe(key);
    expect(keys(plan({ ...all, device, speeds: { [key]: { delayMs: 700 } } }).llm)[0]).toBe(key);
  });

  it('follow each turn a little, and matter once they are another', () => {
    expect(refineSpeed(undefined, 200)).toEqual({ delayMs: 200 });
    expect(refineSpeed({ delayMs: 200, timesRealTime: 3 }, 600)).toEqual({ delayMs: 300, timesRealTime: 3 });
    expect(hasDrifted({ delayMs: 200 }, { delayMs: 300 })).toBe(false);
    expect(hasDrifted({ delayMs: 200 }, { delayMs: 500 })).toBe(true);
    expect(hasDrifted(undefined, { delayMs: 500 })).toBe(true);
    expect(isTooSlow('tts', { delayMs: 50, timesRealTime: 0.6 })).toBe(true);
  });
});
