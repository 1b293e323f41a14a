import type { EngineConfig } from '../engine-config.ts';

/** A model in WebLLM's form, which runs on WebGPU only. */
export interface WebLlmConfig extends Pick<EngineConfig, 'modelId' | 'name' | 'modelsUrl'> {
  engine: 'web-llm';
  /** Configuration, tokenizer, tensor-cache.json and every shard that it lists. */
  files: NonNullable<EngineConfig['files']>;
  /** The compiled program of the model: its repository, which is also its folder below `modelsUrl`, and its file. */
  library: { repository: string; path: string; sha256: string };
  /** Whether the program computes with 16-bit floats, which not every GPU can. */
  shaderF16: boolean;
}
