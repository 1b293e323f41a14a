import type { Dtype } from '../../../core/models/listing.ts';
import { needs, onnxVariant, textFiles } from './entry.ts';
import type { ModelEntry } from './entry.ts';

type Traits = Pick<ModelEntry, 'licence' | 'languages' | 'quality' | 'speed'>;

const llamaLanguages = ['en', 'de', 'fr', 'it', 'pt', 'hi', 'es', 'th'];
const llama32 = { licence: 'Llama-3.2-Community', languages: llamaLanguages } as const;
const llama1b: Traits = { ...llama32, quality: 'good', speed: 'medium' };
const llama3b: Traits = { ...llama32, quality: 'best', speed: 'slow' };
const llama8b: Traits = {
  licence: 'Llama-3.1-Community',
  languages: llamaLanguages,
  quality: 'best',
  speed: 'slow',
};
const qwenSmall: Traits = { licence: 'Apache-2.0', languages: ['mul'], quality: 'good', speed: 'medium' };
const qwenLarge: Traits = { licence: 'Apache-2.0', languages: ['mul'], quality: 'best', speed: 'slow' };
const smol: Traits = { licence: 'Apache-2.0', languages: ['en'], quality: 'basic', speed: 'fast' };

/** @param wasm the type to run on the processor, for those that are small enough */
function onnx(id: string, name: string, traits: Traits, wasm?: Dtype): ModelEntry {
  return {
    ...traits,
    id,
    stages: ['llm'],
    name,
    engine: 'causal-lm',
    pulled: true,
    prefers: traits.speed === 'fast' ? 'wasm' : 'webgpu',
    variants: [
      ...(wasm ? [onnxVariant('wasm', { model: wasm }, textFiles)] : []),
      onnxVariant('webgpu', { model: 'q4f16' }, textFiles),
      onnxVariant('webgpu', { model: 'q4' }, textFiles),
    ],
  };
}

/** Version of the compiled programs that @mlc-ai/web-llm 0.2.86 fits (`modelVersion` in its lib/index.js). */
const LIBRARY_FOLDER = 'web-llm-models/v0_2_86/base';

/**
 * A model for WebLLM. Its page has one repository for each type.
 * @param memoryMb `vram_required_MB` in the model list of @mlc-ai/web-llm 0.2.86, rounded up
 */
function webLlm(
  base: string,
  [dtype, suffix]: readonly [Dtype, string],
  memoryMb: number,
  name: string,
  traits: Traits,
): ModelEntry {
  const program = base.replace('Llama-3.1', 'Llama-3_1');
  return {
    ...traits,
    id: `mlc-ai/${base}-${suffix}-MLC`,
    stages: ['llm'],
    name: `${name} (WebLLM)`,
    engine: 'web-llm',
    pulled: true,
    prefers: 'webgpu',
    variants: [
      {
        device: 'webgpu',
        dtype,
        needs: needs('webgpu', [dtype], memoryMb),
        files: ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json', 'params_shard_*.bin'],
        library: `${LIBRARY_FOLDER}/${program}-${suffix}_cs1k-webgpu.wasm`,
      },
    ],
  };
}

const q4f16 = ['q4f16', 'q4f16_1'] as const;
const q4f32 = ['q4f32', 'q4f32_1'] as const;
const q0f16 = ['q0f16', 'q0f16'] as const;
const q0f32 = ['q0f32', 'q0f32'] as const;

export const languageModels: ModelEntry[] = [
  onnx('onnx-community/Llama-3.2-1B-Instruct-ONNX', 'Llama 3.2 1B', llama1b, 'q4'),
  onnx('onnx-community/Llama-3.2-3B-Instruct-ONNX', 'Llama 3.2 3B', llama3b),
  onnx('onnx-community/Qwen3-0.6B-ONNX', 'Qwen3 0.6B', qwenSmall, 'q8'),
  onnx('onnx-community/Qwen3-4B-ONNX', 'Qwen3 4B', qwenLarge),
  onnx('HuggingFaceTB/SmolLM2-135M-Instruct', 'SmolLM2 135M', smol, 'q8'),
  onnx('HuggingFaceTB/SmolLM2-360M-Instruct', 'SmolLM2 360M', smol, 'q8'),
  webLlm('Llama-3.2-1B-Instruct', q4f16, 880, 'Llama 3.2 1B', llama1b),
  webLlm('Llama-3.2-1B-Instruct', q4f32, 1129, 'Llama 3.2 1B', llama1b),
  webLlm('Llama-3.2-3B-Instruct', q4f16, 2264, 'Llama 3.2 3B', llama3b),
  webLlm('Llama-3.2-3B-Instruct', q4f32, 2952, 'Llama 3.2 3B', llama3b),
  webLlm('Llama-3.1-8B-Instruct', q4f16, 5001, 'Llama 3.1 8B', llama8b),
  webLlm('Llama-3.1-8B-Instruct', q4f32, 6102, 'Llama 3.1 8B', llama8b),
  webLlm('Qwen3-0.6B', q4f16, 1404, 'Qwen3 0.6B', qwenSmall),
  webLlm('Qwen3-0.6B', q4f32, 1925, 'Qwen3 0.6B', qwenSmall),
  webLlm('Qwen3-4B', q4f16, 3432, 'Qwen3 4B', qwenLarge),
  webLlm('Qwen3-4B', q4f32, 4328, 'Qwen3 4B', qwenLarge),
  webLlm('SmolLM2-135M-Instruct', q0f16, 360, 'SmolLM2 135M', smol),
  webLlm('SmolLM2-135M-Instruct', q0f32, 720, 'SmolLM2 135M', smol),
  webLlm('SmolLM2-360M-Instruct', q4f16, 377, 'SmolLM2 360M', smol),
  webLlm('SmolLM2-360M-Instruct', q4f32, 580, 'SmolLM2 360M', smol),
];
