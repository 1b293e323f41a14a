import { needs, speechFiles, textFiles } from './entry.ts';
import type { ModelEntry, VariantEntry } from './entry.ts';

const shared = {
  licence: 'Apache-2.0',
  pulled: false,
  prefers: 'wasm',
  quality: 'demo',
  speed: 'fast',
} as const;

function variant(device: 'wasm' | 'webgpu', files: string[]): VariantEntry {
  return { device, dtype: device === 'wasm' ? 'q8' : 'fp32', needs: needs(device, [], null), files };
}

/** The models that Parley brings along (tools/starter-models). They stand first: the page takes the first that fits. */
export const starterModels: ModelEntry[] = [
  {
    ...shared,
    id: 'starter/recogniser',
    stages: ['stt'],
    engine: 'whisper',
    name: 'Whisper (starter)',
    languages: ['en'],
    variants: [
      variant('wasm', [
        ...speechFiles,
        'onnx/encoder_model_quantized.onnx',
        'onnx/decoder_model_merged_quantized.onnx',
      ]),
      variant('webgpu', [...speechFiles, 'onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx']),
    ],
  },
  {
    ...shared,
    id: 'starter/chat',
    stages: ['llm'],
    engine: 'causal-lm',
    name: 'Llama (starter)',
    languages: ['en'],
    variants: [
      variant('wasm', [...textFiles, 'onnx/model_quantized.onnx']),
      variant('webgpu', [...textFiles, 'onnx/model.onnx']),
    ],
  },
  {
    ...shared,
    id: 'starter/turn-audio',
    stages: ['turn-audio'],
    engine: 'turn-audio',
    name: 'Smart Turn (starter)',
    languages: ['en'],
    variants: [variant('wasm', ['config.json', 'preprocessor_config.json', 'onnx/model_quantized.onnx'])],
  },
  {
    ...shared,
    id: 'starter/turn-text',
    stages: ['turn-text'],
    engine: 'turn-text',
    name: 'DistilBERT (starter)',
    languages: ['en'],
    variants: [
      variant('wasm', [
        'config.json',
        'tokenizer.json',
        'tokenizer_config.json',
        'onnx/model_quantized.onnx',
      ]),
    ],
  },
];
