import type { Dtype } from '../../../core/models/listing.ts';
import { onnxVariant, speechFiles } from './entry.ts';
import type { ModelEntry } from './entry.ts';

const shared = { pulled: true } as const;

/** Encoder and decoder of one size of Whisper, or of Moonshine, which has the same graphs. */
function encoderDecoder(encoder: Dtype, decoder: Dtype): Record<string, Dtype> {
  return { encoder_model: encoder, decoder_model_merged: decoder };
}

function whisper(
  size: string,
  name: string,
  rest: Pick<ModelEntry, 'languages' | 'quality' | 'speed' | 'prefers'>,
): ModelEntry {
  return {
    ...shared,
    ...rest,
    engine: 'whisper',
    id: `onnx-community/whisper-${size}`,
    stages: ['stt'],
    name,
    licence: 'Apache-2.0',
    variants: [
      onnxVariant('wasm', encoderDecoder('q8', 'q8'), speechFiles),
      onnxVariant('webgpu', encoderDecoder('fp32', 'q4'), speechFiles),
    ],
  };
}

const many = ['mul'];
const english = ['en'];
const tiny = { quality: 'basic', speed: 'fast', prefers: 'wasm' } as const;
const small = { quality: 'good', speed: 'medium', prefers: 'webgpu' } as const;

function moonshine(size: string, quality: ModelEntry['quality']): ModelEntry {
  return {
    ...shared,
    id: `onnx-community/moonshine-${size}-ONNX`,
    engine: 'moonshine',
    stages: ['stt'],
    name: `Moonshine ${size}`,
    licence: 'MIT',
    languages: english,
    prefers: 'wasm',
    quality,
    speed: 'fast',
    variants: [
      onnxVariant('wasm', encoderDecoder('q8', 'q8'), speechFiles),
      onnxVariant('webgpu', encoderDecoder('fp32', 'q4'), speechFiles),
    ],
  };
}

/** Language models that hear: one graph for the sound, one for the words that go in, one for what comes out. */
function hearing(embed: Dtype, rest: Dtype): Record<string, Dtype> {
  return { embed_tokens: embed, audio_encoder: rest, decoder_model_merged: rest };
}

export const recognisers: ModelEntry[] = [
  whisper('tiny', 'Whisper tiny', { ...tiny, languages: many }),
  whisper('tiny.en', 'Whisper tiny, English', { ...tiny, languages: english }),
  whisper('base', 'Whisper base', { ...tiny, languages: many }),
  whisper('base.en', 'Whisper base, English', { ...tiny, languages: english }),
  whisper('small', 'Whisper small', { ...small, languages: many }),
  whisper('small.en', 'Whisper small, English', { ...small, languages: english }),
  {
    ...shared,
    id: 'onnx-community/distil-medium.en',
    engine: 'whisper',
    stages: ['stt'],
    name: 'Distil-Whisper medium, English',
    licence: 'MIT',
    languages: english,
    prefers: 'webgpu',
    quality: 'good',
    speed: 'medium',
    variants: [
      onnxVariant('wasm', encoderDecoder('q8', 'q8'), speechFiles),
      onnxVariant('webgpu', encoderDecoder('fp32', 'q4'), speechFiles),
    ],
  },
  {
    ...shared,
    id: 'onnx-community/whisper-large-v3-turbo',
    engine: 'whisper',
    stages: ['stt'],
    name: 'Whisper large v3 turbo',
    licence: 'MIT',
    languages: many,
    prefers: 'webgpu',
    quality: 'best',
    speed: 'slow',
    variants: [
      onnxVariant('webgpu', encoderDecoder('fp16', 'q4'), speechFiles),
      onnxVariant('webgpu', encoderDecoder('q4', 'q4'), speechFiles),
    ],
  },
  moonshine('tiny', 'basic'),
  moonshine('base', 'good'),
  {
    ...shared,
    id: 'onnx-community/parakeet-ctc-0.6b-ONNX',
    engine: 'ctc',
    stages: ['stt'],
    name: 'Parakeet CTC 0.6B',
    licence: 'CC-BY-4.0',
    languages: english,
    prefers: 'webgpu',
    quality: 'best',
    speed: 'medium',
    variants: [
      onnxVariant('wasm', { model: 'q4' }, ['*.json']),
      onnxVariant('webgpu', { model: 'q4' }, ['*.json']),
    ],
  },
  {
    ...shared,
    id: 'onnx-community/Voxtral-Mini-3B-2507-ONNX',
    engine: 'voxtral',
    stages: ['stt'],
    name: 'Voxtral Mini 3B',
    licence: 'Apache-2.0',
    languages: ['en', 'es', 'fr', 'pt', 'hi', 'de', 'nl', 'it'],
    prefers: 'webgpu',
    quality: 'best',
    speed: 'slow',
    variants: [
      onnxVariant('webgpu', hearing('q8', 'q4f16'), ['*.json']),
      onnxVariant('webgpu', hearing('q8', 'q4'), ['*.json']),
    ],
  },
  {
    ...shared,
    id: 'onnx-community/ultravox-v0_5-llama-3_2-1b-ONNX',
    engine: 'ultravox',
    // What was said is shown by a recogniser beside it.
    stages: ['llm'],
    name: 'Ultravox 0.5 1B',
    licence: 'MIT, with Llama 3.2 inside (Llama-3.2-Community)',
    languages: many,
    prefers: 'webgpu',
    quality: 'good',
    speed: 'medium',
    variants: [
      onnxVariant('webgpu', hearing('q8', 'q4f16'), ['*.json']),
      onnxVariant('webgpu', hearing('q8', 'q4'), ['*.json']),
    ],
  },
];
