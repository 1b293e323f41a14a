import { AppError } from '../core/errors.ts';

/**
 * What a model made, as samples in −1…1 that belong to the caller.
 * @throws AppError `engine.failed` where there are values that are no numbers.
 */
export function toSound(waveform: Float32Array): Float32Array {
  const samples = new Float32Array(waveform.length);
  for (const [at, sample] of waveform.entries()) {
    if (!Number.isFinite(sample)) {
      throw new AppError(
        'engine.failed',
        'The voice made no sound but values that are no numbers. Start it again.',
      );
    }
    samples[at] = Math.min(1, Math.max(-1, sample));
  }
  return samples;
}
