import { AppError } from '../../core/errors.ts';
import { corruptFile, gpuUnavailable, toLoadError, type NamedModel } from '../load-failure.ts';

const NO_DEVICE = /cannot initialize runtime|unable to find a compatible GPU|requestDevice|GPUAdapter/i;
/** The program does not have what WebLLM calls; what it has is told only once the weights were read. */
const MISFIT = /cannot find required VM function|invalid \w+ ABI|in exports$/i;
const OUT_OF_MEMORY = /out of memory|allocation failed|cannot allocate|memory\.grow/i;

/** Says in words why a model did not start. `file` was read last. */
export function toStartError(error: unknown, gpuLost: boolean, model: NamedModel, file: string): AppError {
  if (error instanceof AppError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (gpuLost || name === 'DeviceLostError') {
    return new AppError(
      'gpu.lost',
      `The GPU gave up while ${model.name} was loaded, most often for want of memory. Choose a smaller model, or close other pages.`,
      { cause: error },
    );
  }
  if (name === 'GPUPipelineError') {
    return new AppError(
      'gpu.unavailable',
      `This GPU cannot run ${model.name}: a program for it does not compile. Choose another model, or update the browser.`,
      { cause: error },
    );
  }
  if (/^(WebGPUNot|FeatureSupport|ShaderF16)/.test(name) || NO_DEVICE.test(message))
    return gpuUnavailable(error);
  if (name === 'LinkError' || MISFIT.test(message)) {
    return new AppError(
      'model.corrupt',
      `The program of ${model.name} was made for another version of WebLLM. Choose another model, or have this one pulled again on the server.`,
      { cause: error },
    );
  }
  if (OUT_OF_MEMORY.test(message)) {
    return new AppError(
      'engine.failed',
      `There is not enough memory for ${model.name}. Choose a smaller model, or close other pages.`,
      { cause: error },
    );
  }
  // The reader of tokenizers stops dead where it cannot read one.
  const unreadable = name === 'RuntimeError' && file === 'tokenizer.json';
  if (unreadable || name === 'CompileError') return corruptFile(model, file, error);
  return toLoadError(error, model, file);
}

/** Says in words why a reply broke off. */
export function toReplyError(error: unknown, gpuLost: boolean, model: NamedModel): AppError {
  if (gpuLost) {
    return new AppError('gpu.lost', 'The GPU was reset. Please try once more.', {
      retryable: true,
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('engine.failed', `${model.name} could not answer (${message}). Please try again.`, {
    cause: error,
  });
}
