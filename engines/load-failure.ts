import { ModelFileNotFoundError } from '@huggingface/transformers';
import { AppError } from '../core/errors.ts';

/**
 * What onnxruntime says of a file that is not a sound model; it has no error class of its own. Codes 7 and 10 are
 * INVALID_PROTOBUF and INVALID_GRAPH.
 */
const UNSOUND_MODEL =
  /protobuf|ERROR_CODE: (7|10)\b|INVALID_GRAPH|not a valid model|deserialize tensor|out of bounds|failed to load model/i;
const NO_GPU =
  /unsupported device: "webgpu"|gpu adapter|requestAdapter|webgpu is not supported|does not support fp16/i;
const NO_RUNTIME = /no available backend|dynamically imported module|failed to fetch.*\.(mjs|wasm)/i;

/** Says in words what went wrong while `file` of a model was loaded. */
export function toLoadError(error: unknown, modelName: string, file: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('aborted', 'The work was cancelled.', { cause: error });
  }
  if (error instanceof ModelFileNotFoundError)
    return missingFile(modelName, namedFile(message) ?? file, error);
  if (NO_GPU.test(message)) return gpuUnavailable(error);
  if (NO_RUNTIME.test(message)) {
    return new AppError(
      'engine.failed',
      'The model runtime could not be loaded. Check the connection, then reload the page.',
      { retryable: true, cause: error },
    );
  }
  if (error instanceof SyntaxError || UNSOUND_MODEL.test(message)) return corruptFile(modelName, file, error);
  return new AppError('engine.failed', `${modelName} could not be loaded (${file}): ${message}`, {
    cause: error,
  });
}

export function missingFile(modelName: string, file: string, cause?: unknown): AppError {
  return new AppError(
    'model.missing',
    `The file "${file}" of ${modelName} is missing. Download the model again or choose another one.`,
    { cause },
  );
}

export function corruptFile(modelName: string, file: string, cause?: unknown): AppError {
  return new AppError(
    'model.corrupt',
    `The file "${file}" of ${modelName} is damaged. Delete the model and download it again.`,
    { cause },
  );
}

export function gpuUnavailable(cause?: unknown): AppError {
  return new AppError(
    'gpu.unavailable',
    'This browser offers no usable GPU. Run the model on the processor (wasm) instead.',
    { cause },
  );
}

/** "onnx/model.onnx" from a message that ends in `at "/models/starter/chat/onnx/model.onnx"`. */
function namedFile(message: string): string | undefined {
  const path = /at "([^"]+)"/.exec(message)?.[1];
  return path && /(?:onnx\/)?[^/]+$/.exec(path)?.[0];
}
