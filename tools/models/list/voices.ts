import { onnxVariant } from './entry.ts';
import type { ModelEntry } from './entry.ts';

// Languages are those that the engines speak. Kokoro knows Japanese and Chinese as well, and Supertonic Korean; of the
// first two nothing here makes phonemes, and Parley is not talked to in any of them.

const kokoroFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'voices/*.bin'];

export const voices: ModelEntry[] = [
  {
    id: 'onnx-community/Kokoro-82M-v1.0-ONNX',
    stages: ['tts'],
    name: 'Kokoro 82M',
    engine: 'kokoro',
    licence: 'Apache-2.0',
    languages: ['en', 'es', 'fr', 'hi', 'it', 'pt'],
    pulled: true,
    prefers: 'webgpu',
    quality: 'best',
    speed: 'medium',
    variants: [
      onnxVariant('wasm', { model: 'q8' }, kokoroFiles),
      // In half floats some adapters speak garbage: onnxruntime issue 29807, kokoro issue 98.
      onnxVariant('webgpu', { model: 'fp32' }, kokoroFiles),
    ],
  },
  {
    id: 'onnx-community/Supertonic-TTS-2-ONNX',
    stages: ['tts'],
    name: 'Supertonic 2',
    engine: 'supertonic',
    licence: 'OpenRAIL',
    languages: ['en', 'es', 'pt', 'fr'],
    pulled: true,
    prefers: 'wasm',
    quality: 'good',
    speed: 'fast',
    variants: (['wasm', 'webgpu'] as const).map((device) =>
      onnxVariant(device, { text_encoder: 'fp32', latent_denoiser: 'fp32', voice_decoder: 'fp32' }, [
        '*.json',
        'voices/*.bin',
      ]),
    ),
  },
];
