import { AutoConfig } from '@huggingface/transformers';
import { AppError } from '../../core/errors.ts';
import type { OnnxSession } from '../onnx-session.ts';
import type { ModelOpener } from '../transformers-env.ts';

/** Opens a model that is one graph, onnx/model.onnx of its variant. */
export async function openClassifier(opener: ModelOpener): Promise<OnnxSession> {
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(opener.path));
  return opener.openGraph('model', config);
}

/** @throws AppError `engine.failed` where the model gave no number. */
export function toProbability(value: number | undefined): number {
  if (value === undefined || Number.isNaN(value)) {
    throw new AppError('engine.failed', 'The model for turn-taking gave no number. Reload the page.');
  }
  return Math.min(1, Math.max(0, value));
}
