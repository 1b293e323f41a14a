import { runtimeOf } from '../core/models/engines.ts';
import type { EngineName } from '../core/models/engines.ts';
import type { StageInfo } from '../core/stages/stage.ts';

/** How the weights of a graph are stored, as its file name ends in a model's repository. */
export type EngineDtype = 'fp32' | 'fp16' | 'q8' | 'q4' | 'q4f16';

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
  /** One for the whole model, or one for each of its graphs: `{ encoder_model: 'fp32', decoder_model_merged: 'q4' }`. */
  dtype: EngineDtype | Readonly<Record<string, EngineDtype>>;
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
