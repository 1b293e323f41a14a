import { SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import { createResampler } from '../../core/audio/resampler.ts';
import { createPowerSpectra } from '../whisper/fourier.ts';

/** 25 ms every 10 ms, as is usual for speech. */
const FRAME_SAMPLES = 400;
const HOP_SAMPLES = 160;
const BINS = FRAME_SAMPLES / 2 + 1;
/** Bands on the mel scale, wide enough that the harmonics of a voice do not show. */
const BANDS = 14;
const LOWEST_HZ = 100;
const HIGHEST_HZ = 7_000;
/** Below the loudest, in powers of ten: what is quieter at the edges is silence, and what is quieter within is floor. */
const EDGE_RANGE = 4;
const FLOOR_RANGE = 5;
/** Keeps a band that never changes from being blown up. */
const LEAST_DEVIATION = 0.05;

const filters = melFilters();

/**
 * The course of a sound over time: its frames, each the energies of 14 bands. Every band has mean 0 and deviation 1, so
 * that loudness and timbre of a voice do not count. Silence at both ends is left out.
 */
export function spectralShape({ samples, rateHz }: Pcm): Float64Array[] {
  const frames = bandEnergies(rateHz === SPEECH_RATE_HZ ? samples : resample(samples, rateHz));
  const loudest = frames.reduce((most, frame) => Math.max(most, ...frame), -Infinity);
  const sounds = (frame: Float64Array): boolean => Math.max(...frame) > loudest - EDGE_RANGE;
  const from = frames.findIndex(sounds);
  const shape = frames.slice(Math.max(0, from), frames.findLastIndex(sounds) + 1);
  for (let band = 0; band < BANDS; band++) {
    const values = shape.map((frame) => Math.max(frame[band]!, loudest - FLOOR_RANGE));
    const mean = average(values);
    const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2))) + LEAST_DEVIATION;
    for (const [index, frame] of shape.entries()) frame[band] = (values[index]! - mean) / deviation;
  }
  return shape;
}

function bandEnergies(samples: Float32Array): Float64Array[] {
  const spectra = createPowerSpectra(FRAME_SAMPLES);
  const inputs = [new Float64Array(FRAME_SAMPLES), new Float64Array(FRAME_SAMPLES)] as const;
  const powers = [new Float64Array(BINS), new Float64Array(BINS)] as const;
  const count = Math.max(0, Math.floor((samples.length - FRAME_SAMPLES) / HOP_SAMPLES) + 1);
  return Array.from({ length: count }, (_, frame) => {
    for (let at = 0; at < FRAME_SAMPLES; at++) {
      const taper = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / FRAME_SAMPLES);
      inputs[0][at] = samples[frame * HOP_SAMPLES + at]! * taper;
    }
    spectra(inputs[0], inputs[1], powers);
    return Float64Array.from(filters, (filter) =>
      Math.log10(filter.reduce((sum, weight, bin) => sum + weight * powers[0][bin]!, 1e-12)),
    );
  });
}

/** Overlapping triangles. */
function melFilters(): Float64Array[] {
  const toMel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
  const toHz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);
  const step = (toMel(HIGHEST_HZ) - toMel(LOWEST_HZ)) / (BANDS + 1);
  const corner = (index: number): number => toHz(toMel(LOWEST_HZ) + index * step);
  return Array.from({ length: BANDS }, (_, band) => {
    const [low, middle, high] = [corner(band), corner(band + 1), corner(band + 2)];
    return Float64Array.from({ length: BINS }, (_weight, bin) => {
      const hz = (bin * SPEECH_RATE_HZ) / FRAME_SAMPLES;
      return Math.max(0, Math.min((hz - low) / (middle - low), (high - hz) / (high - middle)));
    });
  });
}

function resample(samples: Float32Array, rateHz: number): Float32Array {
  const resampler = createResampler(rateHz, SPEECH_RATE_HZ);
  const [body, end] = [resampler.push(samples), resampler.flush()];
  const whole = new Float32Array(body.length + end.length);
  whole.set(body);
  whole.set(end, body.length);
  return whole;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
