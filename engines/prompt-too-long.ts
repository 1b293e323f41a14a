import { AppError } from '../core/errors.ts';

/** Even the last exchange alone does not fit a model's memory. */
export function promptTooLong(cause?: unknown): AppError {
  return new AppError(
    'input.invalid',
    'The message is too long for this model. Say it in fewer words, or choose a model with a longer memory.',
    { cause },
  );
}
