/**
 * Correlation of neighbouring samples at 16 kHz. An "s" has −0.39 to −0.53 (most of its energy lies above 5 kHz), white
 * noise 0, clicks −0.17 at the least, and every voiced sound, cough or hum more than 0.8.
 */
const HISS_CORRELATION = -0.25;

/** Whether a frame at 16 kHz sounds like an "s", which speech may begin with and Silero takes for noise. */
export function isHiss(samples: Float32Array): boolean {
  let neighbours = 0;
  let energy = 0;
  let before = 0;
  for (const sample of samples) {
    neighbours += sample * before;
    energy += sample * sample;
    before = sample;
  }
  return neighbours < HISS_CORRELATION * energy;
}
