import { needs } from './entry.ts';
import type { ModelEntry } from './entry.ts';

export const turnModels: ModelEntry[] = [
  {
    id: 'pipecat-ai/smart-turn-v3',
    stages: ['turn-audio'],
    engine: 'turn-audio',
    name: 'Smart Turn 3.2',
    licence: 'BSD-2-Clause',
    languages: ['mul'],
    pulled: true,
    prefers: 'wasm',
    quality: 'best',
    speed: 'fast',
    variants: [
      {
        device: 'wasm',
        dtype: 'q8',
        needs: needs('wasm', ['q8'], null),
        files: ['smart-turn-v3.2-cpu.onnx'],
      },
      {
        device: 'webgpu',
        dtype: 'fp32',
        needs: needs('webgpu', ['fp32'], null),
        files: ['smart-turn-v3.2-gpu.onnx'],
      },
    ],
  },
  {
    id: 'videosdk-live/Namo-Turn-Detector-v1-Multilingual',
    stages: ['turn-text'],
    engine: 'turn-text',
    name: 'Namo turn detector, multilingual',
    licence: 'Apache-2.0',
    languages: ['mul'],
    pulled: true,
    prefers: 'wasm',
    quality: 'best',
    speed: 'medium',
    variants: [
      {
        device: 'wasm',
        dtype: 'q8',
        needs: needs('wasm', ['q8'], null),
        files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model_quant.onnx'],
      },
    ],
  },
];
