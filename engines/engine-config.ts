import { runtimeOf } from '../core/models/engines.ts';
import type { EngineName } from '../core/models/engines.ts';
import type { StageInfo } from '../core/stages/stage.ts';

/** What a model engine needs to know, made by the page or the server from the catalogue and the settings. */
export interface EngineConfig {
  /** Which engine loads it. */
  engine: EngineName;
  /** Id in the catalogue, also the folder below `modelsUrl`: "starter/recogniser". */
  modelId: string;
  /** Model as a person would name it: "Whisper (starter)". */
  name: string;
  /** Where model folders lie: a URL ending in "/", or a folder in Node. */
  modelsUrl: string;
  /** Where the model runs; `cpu` exists in Node only. */
  device: 'wasm' | 'webgpu' | 'cpu';
  dtype: 'fp32' | 'fp16' | 'q8' | 'q4' | 'q4f16';
  /** What the model consists of, from the catalogue. In a page no other file is fetched, and each must have its hash. */
  files?: readonly { path: string; sha256: string }[];
  /** How many threads it takes on wasm; half of the cores, at most 4, when absent. */
  threads?: number;
  /** URL of the folder that holds the onnxruntime-web files, ending in "/"; unused in Node. */
  runtimeUrl: string;
}

/** What a stage made from this configuration says of itself. */
export function describeEngine({
  engine,
  name,
  modelId,
  device,
}: Pick<EngineConfig, 'engine' | 'name' | 'modelId' | 'device'>): StageInfo {
  return { model: name, id: modelId, runtime: runtimeOf(engine), device };
}
