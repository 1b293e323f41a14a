import { AppError } from '../errors.ts';

/** Mono audio: samples in −1…1 with their rate beside them. */
export interface Pcm {
  samples: Float32Array;
  rateHz: number;
}

/** Rate that voice activity detection and recognition work at. */
export const SPEECH_RATE_HZ = 16_000;

/** Samples of one microphone frame: 32 ms at 16 kHz, the only size Silero accepts. */
export const FRAME_SAMPLES = 512;

export const FRAME_MS = (FRAME_SAMPLES / SPEECH_RATE_HZ) * 1000;

export function durationMs(pcm: Pcm): number {
  return (pcm.samples.length / pcm.rateHz) * 1000;
}

/** Root mean square of the samples, 0…1; 0 for empty audio. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** One buffer holding the chunks in order. */
export function concatSamples(chunks: readonly Float32Array[]): Float32Array {
  const total = chunks.reduce((length, chunk) => length + chunk.length, 0);
  const joined = new Float32Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/**
 * Checks audio that comes from outside a stage.
 * @throws AppError `audio.invalid` for a rate outside 8–192 kHz, NaN or infinite samples, or more than `maxSeconds`.
 */
export function assertPcm(pcm: Pcm, maxSeconds: number): void {
  if (!(pcm.rateHz >= 8_000 && pcm.rateHz <= 192_000)) {
    throw new AppError('audio.invalid', `Audio at ${pcm.rateHz} Hz cannot be used; send 8 to 192 kHz.`);
  }
  if (pcm.samples.length > maxSeconds * pcm.rateHz) {
    throw new AppError(
      'audio.invalid',
      `The recording is longer than ${maxSeconds} seconds; send it in parts.`,
    );
  }
  for (const sample of pcm.samples) {
    if (!Number.isFinite(sample)) {
      throw new AppError('audio.invalid', 'The audio holds values that are not numbers; record it again.');
    }
  }
}
