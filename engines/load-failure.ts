import { ModelFileNotFoundError } from '@huggingface/transformers';
import { AppError } from '../core/errors.ts';
import type { EngineConfig } from './engine-config.ts';

/**
 * What onnxruntime says of a file that is not a sound model; it has no error class of its own. Codes 7 and 10 are
 * INVALID_PROTOBUF and INVALID_GRAPH.
 */
const UNSOUND_MODEL =
  /protobuf|ERROR_CODE: (7|10)\b|INVALID_GRAPH|not a valid model|deserialize tensor|out of bounds|failed to load model/i;
/** The same of the file that holds a graph's weights. */
const NO_WEIGHTS = /External data path does not exist/i;
const NO_GPU =
  /unsupported device: "webgpu"|gpu adapter|requestAdapter|webgpu is not supported|does not support fp16|requires f16 but/i;
const NO_RUNTIME = /no available backend|dynamically imported module|failed to fetch.*\.(mjs|wasm)/i;

/** The model that a message is about: its name for the person, and its folder below public/models. */
export type NamedModel = Pick<EngineConfig, 'name' | 'modelId'>;

/** Says in words what went wrong while `file` of a model was loaded. */
export function toLoadError(error: unknown, model: NamedModel, file: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('aborted', 'The work was cancelled.', { cause: error });
  }
  if (error instanceof ModelFileNotFoundError || NO_WEIGHTS.test(message))
    return missingFile(model, namedFile(message) ?? file, error);
  if (NO_GPU.test(message)) return gpuUnavailable(error);
  if (NO_RUNTIME.test(message)) {
    return new AppError(
      'engine.failed',
      'The model runtime could not be loaded. Check the connection, then reload the page.',
      { retryable: true, cause: error },
    );
  }
  if (error instanceof SyntaxError || UNSOUND_MODEL.test(message)) return corruptFile(model, file, error);
  return new AppError(
    'engine.failed',
    `${model.name} could not be started (${file}: ${message}). Reload the page, or choose another device for it.`,
    { cause: error },
  );
}

export function missingFile(model: NamedModel, file: string, cause?: unknown): AppError {
  const message = `The file "${file}" of ${model.name} is missing. ${wayOut(model)}`;
  return new AppError('model.missing', message, { cause });
}

export function corruptFile(model: NamedModel, file: string, cause?: unknown): AppError {
  const message = `The file "${file}" of ${model.name} is damaged. ${wayOut(model)}`;
  return new AppError('model.corrupt', message, { cause });
}

function wayOut({ modelId }: NamedModel): string {
  return `Reload the page; if it stays, download it again under “Models”, or restore public/models/${modelId} on the server.`;
}

export function gpuUnavailable(cause?: unknown): AppError {
  return new AppError(
    'gpu.unavailable',
    'This browser offers no usable GPU. Run the model on the processor (wasm) instead.',
    { cause },
  );
}

/** "onnx/model.onnx" from a message that ends in `at "/models/starter/chat/onnx/model.onnx"`, or in `exist: "…"`. */
function namedFile(message: string): string | undefined {
  const path = /(?:at|exist:) "([^"]+)"/.exec(message)?.[1];
  return path && /(?:(?:onnx|voices)\/)?[^/]+$/.exec(path)?.[0];
}
