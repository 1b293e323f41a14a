import { languageModels } from './language-models.ts';
import { recognisers } from './recognisers.ts';
import { starterModels } from './starter.ts';
import { turnModels } from './turn-models.ts';
import { voices } from './voices.ts';
import type { ModelEntry } from './entry.ts';

/** Every model that Parley knows of. Only what people know stands in the list; the rest is found out by pulling. */
export const modelList: readonly ModelEntry[] = [
  ...starterModels,
  ...recognisers,
  ...languageModels,
  ...voices,
  ...turnModels,
];

/** Models that make up an assistant together. */
export const profiles: Readonly<Record<string, readonly string[]>> = {
  'starter-test': starterModels.map(({ id }) => id),
  /** For a computer without a usable graphics chip. */
  wasm: [
    'onnx-community/moonshine-base-ONNX',
    'HuggingFaceTB/SmolLM2-360M-Instruct',
    'onnx-community/Kokoro-82M-v1.0-ONNX',
    'pipecat-ai/smart-turn-v3',
  ],
  webgpu: [
    'onnx-community/whisper-large-v3-turbo',
    'onnx-community/Llama-3.2-3B-Instruct-ONNX',
    'onnx-community/Kokoro-82M-v1.0-ONNX',
    'pipecat-ai/smart-turn-v3',
  ],
};
