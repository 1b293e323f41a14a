import type { Dtype, ListedModel, ListedVariant } from '../../../core/models/listing.ts';

/** What people write about a model; sizes, hashes and revisions come from the files and the lock. */
export interface ModelEntry extends Omit<ListedModel, 'source' | 'variants'> {
  /** False for the models that Parley brings along; all others come from the repository named like them. */
  pulled: boolean;
  variants: VariantEntry[];
}

export interface VariantEntry extends Pick<ListedVariant, 'device' | 'dtype' | 'needs'> {
  /** Paths, or patterns with `*`. */
  files: string[];
  /** Path of WebLLM's compiled program in `LIBRARY_REPOSITORY`. */
  library?: string;
}

/** WebLLM's compiled programs; on GitHub, not on the hub. */
export const LIBRARY_REPOSITORY = 'mlc-ai/binary-mlc-llm-libs';

/** File name endings of transformers.js (DEFAULT_DTYPE_SUFFIX_MAPPING in its src/utils/dtypes.js). */
const suffixes: Partial<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  q4: '_q4',
  q4f16: '_q4f16',
};

/** Half-float shaders are what these types compute with on WebGPU. */
const halfFloat: ReadonlySet<Dtype> = new Set(['fp16', 'q4f16', 'q0f16']);

/**
 * A variant for transformers.js, which loads from onnx/ one file for each graph, and beside it, for large ones, the
 * weights as external data: `model.onnx_data`, `model.onnx_data_1`.
 */
export function onnxVariant(
  device: 'wasm' | 'webgpu',
  dtypes: Record<string, Dtype>,
  otherFiles: readonly string[],
): VariantEntry {
  const used = Object.values(dtypes);
  const [first] = used;
  const graphs = Object.entries(dtypes).map(([graph, dtype]) => `onnx/${graph}${suffixes[dtype]}.onnx*`);
  return {
    device,
    dtype: first !== undefined && used.every((dtype) => dtype === first) ? first : dtypes,
    needs: needs(device, used, null),
    files: [...otherFiles, ...graphs],
  };
}

/** What a variant needs for certain. */
export function needs(
  device: 'wasm' | 'webgpu',
  dtypes: readonly Dtype[],
  memoryMb: number | null,
): VariantEntry['needs'] {
  const webgpu = device === 'webgpu';
  return {
    webgpu,
    shaderF16: webgpu && dtypes.some((dtype) => halfFloat.has(dtype)),
    memoryMb,
    threads: null,
  };
}

export const textFiles = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];
export const speechFiles = [...textFiles, 'preprocessor_config.json'];
