import { AppError } from '../core/errors.ts';
import type { EngineConfig, EngineDtype } from './engine-config.ts';

/** File name endings of transformers.js (DEFAULT_DTYPE_SUFFIX_MAPPING in its src/utils/dtypes.js). */
const suffixes: Record<EngineDtype, string> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  q4: '_q4',
  q4f16: '_q4f16',
};

/** The field of config.json that says how many files hold the weights of a graph; none where it says nothing. */
export interface ExternalDataConfig {
  'transformers.js_config'?: {
    use_external_data_format?: boolean | number | Record<string, boolean | number>;
  };
}

/** How the weights of a graph are stored. @throws AppError `input.invalid` where the catalogue does not say. */
export function dtypeOf({ dtype, name }: Pick<EngineConfig, 'dtype' | 'name'>, graph: string): EngineDtype {
  if (typeof dtype === 'string') return dtype;
  const own = dtype[graph];
  if (own !== undefined && own in suffixes) return own;
  throw new AppError(
    'input.invalid',
    `The catalogue does not say which "${graph}" of ${name} to load. Restore public/models/catalog.json.`,
  );
}

/** The file of a graph: `decoder_model_merged` is "decoder_model_merged_q4.onnx". */
export function onnxFileName(config: Pick<EngineConfig, 'dtype' | 'name'>, graph: string): string {
  return `${graph}${suffixes[dtypeOf(config, graph)]}.onnx`;
}

/**
 * The files beside a graph's own that hold its weights: "model_q4.onnx_data", "model_q4.onnx_data_1". The catalogue
 * knows them; where a model is loaded without one, its config.json does.
 */
export function externalDataFiles(
  { files }: Pick<EngineConfig, 'files'>,
  graph: string,
  fileName: string,
  config: ExternalDataConfig,
): string[] {
  if (files) {
    const start = `onnx/${fileName}_data`;
    return files.flatMap(({ path }) => (path.startsWith(start) ? [path.slice('onnx/'.length)] : []));
  }
  const format = config['transformers.js_config']?.use_external_data_format ?? 0;
  const count = Number(typeof format === 'object' ? (format[fileName] ?? format[graph] ?? 0) : format);
  return Array.from(
    { length: count },
    (_, index) => `${fileName}_data${index === 0 ? '' : `_${String(index)}`}`,
  );
}
