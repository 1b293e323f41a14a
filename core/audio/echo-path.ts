import { createComplex, createFourier, type Complex } from './fourier.ts';
import { FRAME_SAMPLES } from './pcm.ts';

const SIZE = 2 * FRAME_SAMPLES;
const BINS = FRAME_SAMPLES + 1;
/** 512 ms at 16 kHz: the buffers between loudspeaker and microphone, and the room. */
const PARTITIONS = 16;
/** The longest way from loudspeaker to microphone that is learned, in samples at 16 kHz. */
export const PATH_SAMPLES = PARTITIONS * FRAME_SAMPLES;

/** Share of the path that stays from frame to frame: what may have changed keeps the filter learning. */
const MEMORY = 0.9995;
/** Energy of a path of which nothing is known yet: as loud in the microphone as it was played. */
const UNKNOWN_ENERGY = 1;
/** Energy that a measured path may have where the measurement saw none. */
const UNHEARD_ENERGY = 0.016;
/** Share of a shifted path that may be wrong: the shift is known to a whole sample only. */
const SHIFT_DOUBT = 0.05;
/** Outside of these, 109 Hz and 7.5 kHz, a measured path is a guess: the sweep fades there. */
const FIRST_MEASURED_BIN = 7;
const LAST_MEASURED_BIN = 480;
/** How much of the error counts as not learnable: lower learns faster and forgets faster under double talk. */
const NOISE_SHARE = 0.5;
/** Keeps digital silence from dividing by zero: far below a 16-bit step. */
const SILENCE = 1e-9;

/** A model of the way from the loudspeaker to the microphone, learned while both are heard. */
export interface EchoPath {
  /** Takes what is played during the next frame. */
  play(reference: Float32Array): void;
  /**
   * The echo expected in this frame, or `later` frames after it as far as it was already played. The array is used again
   * by the next call.
   */
  predict(later?: number): Float64Array;
  /** Learns from what the last prediction left of the microphone's frame. */
  learn(error: Float64Array): void;
  /** Energy that the prediction of this frame is thought to miss, summed over the frame. */
  doubtEnergy(): number;
  /** Begins with an impulse response at 16 kHz of which `doubt` (0…1) is the share of energy that may be wrong. */
  seed(response: Float32Array, doubt: number): void;
  /** The whole path has become longer by so many samples, or shorter: a buffer on the way has slipped. */
  shift(samples: number): void;
  /** The path has changed: begins anew. */
  forget(): void;
  /** Nothing has been played for longer than the path is: what was played before does not sound any more. */
  rest(): void;
}

/**
 * A partitioned-block Kalman filter in the frequency domain, overlap-save (Enzner and Vary, "Frequency-domain adaptive
 * Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86, 2006). Each bin of each
 * partition keeps how sure it is, so that the step is large where the reference explains the error and small while a
 * person talks over it. Nineteen transforms of 1024 points a frame.
 */
export function createEchoPath(): EchoPath {
  const fourier = createFourier(SIZE);
  const spectra = Array.from({ length: PARTITIONS }, () => createComplex(BINS));
  const weights = Array.from({ length: PARTITIONS }, () => createComplex(BINS));
  const doubts = Array.from({ length: PARTITIONS }, () => new Float64Array(BINS));
  const work = createComplex(SIZE);
  const errorSpectrum = createComplex(BINS);
  const uncertain = new Float64Array(BINS);
  const steps = new Float64Array(BINS);
  const noise = new Float64Array(BINS);
  const before = new Float64Array(FRAME_SAMPLES);
  const echo = new Float64Array(FRAME_SAMPLES);
  let newest = 0;

  const spectrumOf = (partition: number): Complex => spectra[(newest + partition) % PARTITIONS]!;

  function play(reference: Float32Array): void {
    newest = (newest + PARTITIONS - 1) % PARTITIONS;
    work.re.set(before);
    work.re.set(reference, FRAME_SAMPLES);
    work.im.fill(0);
    before.set(reference);
    transformTo(spectrumOf(0));
    uncertain.fill(0);
    for (let p = 0; p < PARTITIONS; p++) addDoubt(spectrumOf(p), doubts[p]!);
  }

  function predict(later = 0): Float64Array {
    work.re.fill(0);
    work.im.fill(0);
    for (let p = later; p < PARTITIONS; p++) addPartition(spectrumOf(p - later), weights[p]!);
    mirrorWork();
    fourier.inverse(work);
    echo.set(work.re.subarray(FRAME_SAMPLES));
    return echo;
  }

  function transformTo(target: Complex): void {
    fourier.forward(work);
    target.re.set(work.re.subarray(0, BINS));
    target.im.set(work.im.subarray(0, BINS));
  }

  function addDoubt(x: Complex, doubt: Float64Array): void {
    for (let k = 0; k < BINS; k++) {
      uncertain[k] = uncertain[k]! + doubt[k]! * (x.re[k]! ** 2 + x.im[k]! ** 2);
    }
  }

  function addPartition(x: Complex, w: Complex): void {
    const { re, im } = work;
    for (let k = 0; k < BINS; k++) {
      const xRe = x.re[k]!;
      const xIm = x.im[k]!;
      re[k] = re[k]! + xRe * w.re[k]! - xIm * w.im[k]!;
      im[k] = im[k]! + xRe * w.im[k]! + xIm * w.re[k]!;
    }
  }

  /** Completes the spectrum of a real signal. */
  function mirrorWork(): void {
    for (let k = 1; k < FRAME_SAMPLES; k++) {
      work.re[SIZE - k] = work.re[k]!;
      work.im[SIZE - k] = -work.im[k]!;
    }
  }

  function learn(error: Float64Array): void {
    work.re.fill(0, 0, FRAME_SAMPLES);
    work.re.set(error, FRAME_SAMPLES);
    work.im.fill(0);
    transformTo(errorSpectrum);
    const { re, im } = errorSpectrum;
    for (let k = 0; k < BINS; k++) {
      const power = re[k]! ** 2 + im[k]! ** 2;
      noise[k] = (noise[k]! + power) / 2;
      steps[k] = 1 / (0.5 * uncertain[k]! + NOISE_SHARE * Math.max(noise[k]!, power) + SILENCE);
    }
    for (let p = 0; p < PARTITIONS; p += 2) learnPair(p);
  }

  /**
   * Two partitions share each transform, one as the real and one as the imaginary part. Their corrections are cut to
   * the partition's own samples: what lies beyond would be a circular echo.
   */
  function learnPair(first: number): void {
    work.re.fill(0);
    work.im.fill(0);
    correct(first, 1, 0);
    correct(first + 1, 0, 1);
    fourier.inverse(work);
    work.re.fill(0, FRAME_SAMPLES);
    work.im.fill(0, FRAME_SAMPLES);
    fourier.forward(work);
    const a = weights[first]!;
    const b = weights[first + 1]!;
    for (let k = 0; k < BINS; k++) {
      const mirror = (SIZE - k) % SIZE;
      a.re[k] = a.re[k]! + (work.re[k]! + work.re[mirror]!) / 2;
      a.im[k] = a.im[k]! + (work.im[k]! - work.im[mirror]!) / 2;
      b.re[k] = b.re[k]! + (work.im[k]! + work.im[mirror]!) / 2;
      b.im[k] = b.im[k]! + (work.re[mirror]! - work.re[k]!) / 2;
    }
  }

  /** Adds the Kalman correction of a partition to `work`, times (unitRe + i·unitIm), and updates its doubt. */
  function correct(partition: number, unitRe: number, unitIm: number): void {
    const x = spectrumOf(partition);
    const w = weights[partition]!;
    const doubt = doubts[partition]!;
    const { re, im } = work;
    for (let k = 0; k < BINS; k++) {
      const xRe = x.re[k]!;
      const xIm = x.im[k]!;
      const step = doubt[k]! * steps[k]!;
      const gRe = step * (xRe * errorSpectrum.re[k]! + xIm * errorSpectrum.im[k]!);
      const gIm = step * (xRe * errorSpectrum.im[k]! - xIm * errorSpectrum.re[k]!);
      re[k] = re[k]! + unitRe * gRe - unitIm * gIm;
      im[k] = im[k]! + unitRe * gIm + unitIm * gRe;
      if (k > 0 && k < FRAME_SAMPLES) {
        re[SIZE - k] = re[SIZE - k]! + unitRe * gRe + unitIm * gIm;
        im[SIZE - k] = im[SIZE - k]! - unitRe * gIm + unitIm * gRe;
      }
      const sure = Math.max(0, 1 - 0.5 * step * (xRe * xRe + xIm * xIm));
      const power = w.re[k]! ** 2 + w.im[k]! ** 2;
      doubt[k] = MEMORY ** 2 * sure * doubt[k]! + (1 - MEMORY ** 2) * power;
    }
  }

  function setResponse(response: Float64Array | Float32Array): void {
    for (let p = 0; p < PARTITIONS; p++) {
      work.re.fill(0);
      work.im.fill(0);
      work.re.set(response.subarray(p * FRAME_SAMPLES, (p + 1) * FRAME_SAMPLES));
      transformTo(weights[p]!);
    }
  }

  function shift(samples: number): void {
    const response = new Float64Array(PATH_SAMPLES);
    for (const [p, { re, im }] of weights.entries()) {
      work.re.set(re);
      work.im.set(im);
      mirrorWork();
      fourier.inverse(work);
      response.set(work.re.subarray(0, FRAME_SAMPLES), p * FRAME_SAMPLES);
    }
    setResponse(response.map((_, n) => response[n - samples] ?? 0));
    for (const [p, doubt] of doubts.entries()) {
      const power = SHIFT_DOUBT * meanPower(weights[p]!);
      for (let k = 0; k < BINS; k++) doubt[k] = Math.max(doubt[k]!, power);
    }
  }

  function seed(response: Float32Array, share: number): void {
    setResponse(response);
    for (let p = 0; p < PARTITIONS; p++) {
      const power = meanPower(weights[p]!);
      doubts[p]!.fill(share * (power + UNHEARD_ENERGY / PARTITIONS));
      doubts[p]!.fill(power, 0, FIRST_MEASURED_BIN);
      doubts[p]!.fill(power, LAST_MEASURED_BIN);
    }
  }

  function forget(): void {
    for (const weight of weights) clear(weight);
    for (const doubt of doubts) doubt.fill(UNKNOWN_ENERGY / PARTITIONS);
  }

  function rest(): void {
    before.fill(0);
    for (const spectrum of spectra) clear(spectrum);
  }

  forget();
  return {
    play,
    predict,
    learn,
    doubtEnergy: () => uncertain.reduce((sum, power) => sum + power, 0) / SIZE,
    seed,
    shift,
    forget,
    rest,
  };
}

function clear({ re, im }: Complex): void {
  re.fill(0);
  im.fill(0);
}

function meanPower({ re, im }: Complex): number {
  return re.reduce((sum, value, k) => sum + value ** 2 + im[k]! ** 2, 0) / re.length;
}
