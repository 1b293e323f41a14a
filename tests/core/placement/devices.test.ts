import { describe, expect, it } from 'vitest';
import type { DeviceFacts } from '../../../core/placement/device-facts.ts';
import { makePlan } from '../../../core/placement/make-plan.ts';
import type { PlanInput, StagePlan } from '../../../core/placement/plan.ts';
import { android, desktop, emulatedGpu, gpu, iphone, leastGpu, oldGpu } from '../../support/devices.ts';
import { pulledCatalogue } from '../../support/pulled-catalogue.ts';

/** Short names for what the table expects. */
const names: Readonly<Record<string, string>> = {
  'onnx-community/moonshine-base-ONNX': 'moonshine',
  'onnx-community/parakeet-ctc-0.6b-ONNX': 'parakeet',
  'onnx-community/whisper-tiny': 'tiny',
  'onnx-community/whisper-small': 'small',
  'onnx-community/whisper-large-v3-turbo': 'turbo',
  'HuggingFaceTB/SmolLM2-135M-Instruct': 'smol',
  'onnx-community/Qwen3-0.6B-ONNX': 'qwen',
  'onnx-community/Llama-3.2-1B-Instruct-ONNX': 'llama1',
  'onnx-community/Llama-3.2-3B-Instruct-ONNX': 'llama3',
  'mlc-ai/Llama-3.2-1B-Instruct-q4f32_1-MLC': 'webllm1 f32',
  'mlc-ai/Llama-3.2-3B-Instruct-q4f16_1-MLC': 'webllm3 f16',
  'mlc-ai/Llama-3.2-3B-Instruct-q4f32_1-MLC': 'webllm3 f32',
  'onnx-community/Kokoro-82M-v1.0-ONNX': 'kokoro',
  'espeak-ng': 'espeak',
};

function first({ chain }: StagePlan): string {
  const [head] = chain;
  return head === undefined ? 'nothing' : `${names[head.model] ?? head.model} ${head.place}`;
}

function plan(device: DeviceFacts, more: Partial<PlanInput>) {
  const { stt, llm, tts } = makePlan({
    device,
    models: pulledCatalogue.models,
    canRun: (_stage, engine) => engine !== 'ultravox' && engine !== 'supertonic',
    isStored: () => false,
    offers: [],
    speeds: {},
    prefer: 'this-device',
    choices: {},
    language: 'en',
    tier: 'full',
    ...more,
  });
  return [first(stt), first(llm), first(tts)];
}

type Row = readonly [name: string, device: DeviceFacts, stt: string, llm: string, tts: string];

/**
 * English, with every model there is, as big as tests/support/pulled-catalogue.ts says. The budgets behind it: half of
 * a computer's memory, a quarter of a phone's, 700 MB on iOS; of that 28 % to recognition, 56 % to answers, 16 % to the
 * voice; a model takes twice its files.
 */
const rows: readonly Row[] = [
  // Phones. Nobody has measured their memory better than the browser: 4 GB give 1 GB to all models.
  ['Android, 2 GB, no WebGPU', android(2, 8, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 3 GB, memory not told', android(null, 8, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 4 GB, Adreno', android(4, 8, gpu()), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 4 GB, Mali, no f16', android(4, 8, oldGpu), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 8 GB, Adreno', android(8, 8, gpu()), 'moonshine wasm', 'qwen webgpu', 'espeak wasm'],
  ['Android, 8 GB, no f16', android(8, 8, oldGpu), 'moonshine wasm', 'webllm1 f32 webgpu', 'espeak wasm'],
  ['Android, 8 GB, least limits', android(8, 8, leastGpu), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 8 GB, no WebGPU', android(8, 8, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Android, 16 GB, Adreno', android(16, 8, gpu()), 'parakeet webgpu', 'webllm3 f16 webgpu', 'kokoro webgpu'],
  ['iPhone with WebGPU', iphone(6, gpu()), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['iPhone without WebGPU', iphone(6, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['iPhone, two cores told', iphone(2, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['iPad with WebGPU', iphone(8, gpu()), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  // Small computers.
  ['Chromebook, 2 GB, no WebGPU', desktop(2, 2, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Chromebook, 4 GB, Mali', desktop(4, 8, gpu()), 'moonshine wasm', 'qwen webgpu', 'kokoro wasm'],
  ['netbook, 4 GB, 4 cores, no WebGPU', desktop(4, 4, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Raspberry Pi, 8 GB, 4 cores', desktop(8, 4, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['1 GB of memory', desktop(1, 2, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  // Intel laptops.
  ['Intel, 4 GB, no f16', desktop(4, 4, oldGpu), 'moonshine wasm', 'webllm1 f32 webgpu', 'espeak wasm'],
  ['Intel, 8 GB, no f16', desktop(8, 8, oldGpu), 'parakeet webgpu', 'qwen webgpu', 'kokoro webgpu'],
  ['Intel, 8 GB, f16', desktop(8, 8, gpu()), 'parakeet webgpu', 'webllm3 f16 webgpu', 'kokoro webgpu'],
  ['Intel, 16 GB, no f16', desktop(16, 12, oldGpu), 'parakeet webgpu', 'webllm3 f32 webgpu', 'kokoro webgpu'],
  ['Intel, 16 GB, f16', desktop(16, 12, gpu()), 'parakeet webgpu', 'llama3 webgpu', 'kokoro webgpu'],
  [
    'Intel, 16 GB, least limits',
    desktop(16, 12, leastGpu),
    'parakeet webgpu',
    'llama1 webgpu',
    'kokoro webgpu',
  ],
  ['Intel, 8 GB, WebGPU turned off', desktop(8, 8, null), 'parakeet wasm', 'qwen wasm', 'kokoro wasm'],
  ['Intel, 8 GB, 4 cores, no WebGPU', desktop(8, 4, null), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['Intel, 16 GB, no WebGPU', desktop(16, 16, null), 'parakeet wasm', 'llama1 wasm', 'kokoro wasm'],
  // Apple.
  [
    'MacBook Air, 8 GB, Chrome',
    desktop(8, 8, gpu()),
    'parakeet webgpu',
    'webllm3 f16 webgpu',
    'kokoro webgpu',
  ],
  ['MacBook Pro, 16 GB, Chrome', desktop(16, 10, gpu()), 'parakeet webgpu', 'llama3 webgpu', 'kokoro webgpu'],
  ['MacBook, Safari', desktop(null, 8, gpu()), 'moonshine wasm', 'qwen webgpu', 'kokoro wasm'],
  ['MacBook, Safari without WebGPU', desktop(null, 8, null), 'moonshine wasm', 'smol wasm', 'kokoro wasm'],
  ['Mac Studio, 32 GB told', desktop(32, 24, gpu()), 'parakeet webgpu', 'llama3 webgpu', 'kokoro webgpu'],
  // Firefox tells no memory, and on some systems no WebGPU.
  ['Firefox, WebGPU', desktop(null, 16, gpu()), 'moonshine wasm', 'qwen webgpu', 'kokoro wasm'],
  ['Firefox, no f16', desktop(null, 16, oldGpu), 'moonshine wasm', 'webllm1 f32 webgpu', 'kokoro wasm'],
  ['Firefox, no WebGPU', desktop(null, 16, null), 'moonshine wasm', 'smol wasm', 'kokoro wasm'],
  // Large cards.
  ['24 GB card, 32 GB', desktop(32, 16, gpu()), 'parakeet webgpu', 'llama3 webgpu', 'kokoro webgpu'],
  [
    '24 GB card, memory capped at 8',
    desktop(8, 32, gpu()),
    'parakeet webgpu',
    'webllm3 f16 webgpu',
    'kokoro webgpu',
  ],
  [
    'old 8 GB card without f16',
    desktop(16, 8, oldGpu),
    'parakeet webgpu',
    'webllm3 f32 webgpu',
    'kokoro webgpu',
  ],
  // Without a real chip.
  ['emulated chip, 16 GB', desktop(16, 16, emulatedGpu), 'parakeet wasm', 'llama1 wasm', 'kokoro wasm'],
  ['emulated chip, two cores', desktop(8, 2, emulatedGpu), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  ['virtual machine, 2 GB', desktop(2, 1, emulatedGpu), 'moonshine wasm', 'smol wasm', 'espeak wasm'],
  // A page that is not isolated has one thread.
  [
    'Intel, 16 GB, no WebGPU, one thread',
    desktop(16, 16, null, { threads: false }),
    'moonshine wasm',
    'smol wasm',
    'espeak wasm',
  ],
  [
    'WebGPU, one thread',
    desktop(16, 16, gpu(), { threads: false }),
    'parakeet webgpu',
    'llama3 webgpu',
    'kokoro webgpu',
  ],
];

describe('[PLACE-1] what runs where when every model is here', () => {
  it('covers at least 40 devices', () => expect(rows.length).toBeGreaterThanOrEqual(40));

  it.each(rows)('on %s', (_name, device, stt, llm, tts) => {
    expect(plan(device, {})).toEqual([stt, llm, tts]);
  });
});

describe('[PLACE-2] another language', () => {
  it('is served by models that know it, as large as fit', () => {
    const german = (device: DeviceFacts) => plan(device, { language: 'de' });
    expect(german(desktop(8, 8, gpu()))).toEqual(['turbo webgpu', 'webllm3 f16 webgpu', 'espeak wasm']);
    expect(german(desktop(16, 4, null))).toEqual(['tiny wasm', 'smol wasm', 'espeak wasm']);
    expect(german(desktop(16, 16, null))).toEqual(['small wasm', 'llama1 wasm', 'espeak wasm']);
    expect(german(android(8, 8, gpu()))).toEqual(['tiny wasm', 'qwen webgpu', 'espeak wasm']);
  });
});

describe('[PLACE-3] the preference', () => {
  it('`smallest` takes the least memory', () => {
    const smallest = plan(desktop(16, 8, gpu()), { prefer: 'smallest' });
    expect(smallest).toEqual(['starter/recogniser wasm', 'starter/chat wasm', 'espeak wasm']);
  });

  it('`fastest` goes by what was measured, and by the class of a model before', () => {
    const device = desktop(16, 8, gpu());
    expect(plan(device, { prefer: 'fastest' })).toEqual(['moonshine wasm', 'smol wasm', 'kokoro webgpu']);
    const speeds = { 'onnx-community/parakeet-ctc-0.6b-ONNX webgpu q4': { delayMs: 90 } };
    expect(plan(device, { prefer: 'fastest', speeds })[0]).toBe('parakeet webgpu');
  });
});
