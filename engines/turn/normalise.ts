/** Keeps the root of the variance above zero: the value of Hugging Face's WhisperFeatureExtractor. */
const VARIANCE_FLOOR = 1e-7;

/**
 * The last `windowSamples` of audio with mean 0 and variance 1. Shorter audio gets silence before it, which counts for
 * both: Smart Turn was trained on audio that was padded first.
 */
export function lastNormalised(samples: Float32Array, windowSamples: number): Float32Array {
  const window = new Float32Array(windowSamples);
  const last = samples.subarray(Math.max(0, samples.length - windowSamples));
  window.set(last, windowSamples - last.length);
  let sum = 0;
  for (const sample of last) sum += sample;
  const mean = sum / windowSamples;
  let squares = mean ** 2 * (windowSamples - last.length);
  for (const sample of last) squares += (sample - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / windowSamples + VARIANCE_FLOOR);
  for (let index = 0; index < windowSamples; index++) window[index] = (window[index]! - mean) * scale;
  return window;
}
