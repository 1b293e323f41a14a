import { concatSamples, SPEECH_RATE_HZ, type Pcm } from '../../../core/audio/pcm.ts';

/** The two sounds that micro-models tell apart. */
export const TONE_HZ = { low: 300, high: 2000 } as const;
export type Tone = keyof typeof TONE_HZ;

const LEVEL = 0.3;
/** Ramps at both ends, so that a tone has no click, which would sound on all frequencies. */
const RAMP_SAMPLES = 0.01 * SPEECH_RATE_HZ;

/** Tones of half a second with a fifth of a second of silence after each. */
export function tones(...sounds: readonly Tone[]): Pcm {
  const gap = new Float32Array(0.2 * SPEECH_RATE_HZ);
  return {
    samples: concatSamples(sounds.flatMap((sound) => [tone(sound, 0.5), gap])),
    rateHz: SPEECH_RATE_HZ,
  };
}

function tone(sound: Tone, seconds: number): Float32Array {
  const length = seconds * SPEECH_RATE_HZ;
  const step = (2 * Math.PI * TONE_HZ[sound]) / SPEECH_RATE_HZ;
  return Float32Array.from({ length }, (_, index) => {
    const ramp = Math.min(1, index / RAMP_SAMPLES, (length - index) / RAMP_SAMPLES);
    return LEVEL * ramp * Math.sin(index * step);
  });
}

/** The band of Slaney's mel scale, of `bands` from 0 to 8 kHz, that a frequency lies in. */
export function melBand(hz: number, bands: number): number {
  const mel = (each: number): number =>
    each < 1000 ? (3 * each) / 200 : 15 + (27 * Math.log(each / 1000)) / Math.log(6.4);
  return Math.round((mel(hz) / mel(8000)) * (bands + 1)) - 1;
}

/** Weights [bands × 2] that make the loudness of the low and of the high tone of a mel spectrum. */
export function toneWeights(bands: number): number[] {
  const weights = new Array<number>(bands * 2).fill(0);
  for (const [column, hz] of [TONE_HZ.low, TONE_HZ.high].entries()) {
    const band = melBand(hz, bands);
    for (const near of [band - 1, band, band + 1]) weights[near * 2 + column] = 1 / 3;
  }
  return weights;
}
