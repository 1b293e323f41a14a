import { SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';

/** Shorter audio than this gives no frame to look at: 0.1 s, the least that Moonshine's own code accepts. */
const MIN_SAMPLES = 0.1 * SPEECH_RATE_HZ;

/** 16 kHz audio, with silence behind it where it is too short for a model. */
export function padded(samples: Float32Array): Float32Array {
  if (samples.length >= MIN_SAMPLES) return samples;
  const longer = new Float32Array(MIN_SAMPLES);
  longer.set(samples);
  return longer;
}
