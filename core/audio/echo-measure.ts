import { PATH_SAMPLES } from './echo-path.ts';
import { createComplex, createFourier, type Complex } from './fourier.ts';
import { SPEECH_RATE_HZ } from './pcm.ts';

/** The sweep: 400 ms at −24 dB of full scale, from a low hum to the highest sound of an "s" at 16 kHz. */
const SWEEP_S = 0.4;
const SWEEP_FROM_HZ = 80;
const SWEEP_TO_HZ = 7_900;
/** Peak of a sine whose root mean square is −24 dB. */
const SWEEP_PEAK = Math.SQRT2 * 10 ** (-24 / 20);
const FADE_S = 0.01;

/** Longest recording that is measured: two seconds. */
const SIZE = 32_768;
/** Where the sweep has less than this share of its strongest bin, the answer is not divided by it. */
const LEAST_POWER = 3e-5;
/** The answer begins shortly before its strongest sample, and rooms fade within 150 ms. */
const BEFORE_PEAK = 0.004 * SPEECH_RATE_HZ;
const AFTER_PEAK = 0.15 * SPEECH_RATE_HZ;
/** Energy of the least reference that can be measured: a second at −60 dB. */
const LEAST_REFERENCE = 1e-6 * SPEECH_RATE_HZ;

/** Silero hears no speech in an echo below this; at −45 dB it did in 68 of 466 frames of the built-in voice, at −55 dB in none. */
const INAUDIBLE_DB = -55;
/** More than this beside the explained echo is a person, a noise, or a loudspeaker that distorts. */
const UNEXPLAINED_DB = -35;
/** What is there without the sweep as well, within this, is noise: people pause between words. */
const NOISE_MARGIN_DB = 15;
/** An echo that does not stand out this far above soft noise is drowned by it. */
const DISTINCT_DB = 3;
/** An echo that stands out this far above what is not explained is known well enough in spite of it. */
const CLEAR_DB = 10;

export type EchoVerdict =
  /** Nothing returns that could be taken for speech: headphones, or the browser cancels it. */
  | 'system'
  /** What returns follows from what was played, and can be taken out. */
  | 'loopback'
  /** It returns distorted: only playing softer helps. */
  | 'duck'
  /** Somebody talked, or it was too loud around: to be measured again. */
  | 'inconclusive';

/** How the microphone answers the loudspeaker. Levels are relative to what was played. */
export interface EchoMeasurement {
  verdict: EchoVerdict;
  /** What came back as an echo, −∞ for nothing at all. */
  returnDb: number;
  /** What is left once the echo is taken out. */
  residualDb: number;
  /** From being played to its strongest return, all buffers included. */
  delayMs: number;
}

/** The sweep at a device's rate: rising logarithmically, softly faded, without clicks. */
export function echoSweep(rateHz: number): Float32Array<ArrayBuffer> {
  const rate = Math.log(SWEEP_TO_HZ / SWEEP_FROM_HZ) / SWEEP_S;
  return Float32Array.from({ length: Math.round(SWEEP_S * rateHz) }, (_, n) => {
    const timeS = n / rateHz;
    const phase = (2 * Math.PI * SWEEP_FROM_HZ * (Math.exp(rate * timeS) - 1)) / rate;
    const edge = Math.min(1, timeS / FADE_S, (SWEEP_S - timeS) / FADE_S);
    return SWEEP_PEAK * Math.sin((Math.PI / 2) * edge) ** 2 * Math.sin(phase);
  });
}

/**
 * Compares what the microphone heard with what was played at the same time, both 16 kHz and at most two seconds, with
 * silence before and 600 ms after the sound.
 * @returns the measurement, and the impulse response from loudspeaker to microphone with the share of its energy that
 * may be wrong.
 */
export function measureEcho(
  microphone: Float32Array,
  reference: Float32Array,
): EchoMeasurement & { response: Float32Array; doubt: number } {
  const fourier = createFourier(SIZE);
  const played = spectrumOf(reference);
  const heard = spectrumOf(microphone);
  const response = responseOf(played, heard);
  const echo = echoOf(response);
  const length = Math.min(microphone.length, reference.length, SIZE);
  const peak = peakOf(response);
  const from =
    Math.max(
      0,
      reference.findIndex((sample) => sample !== 0),
    ) + peak;
  const to = reference.findLastIndex((sample) => sample !== 0) + peak + AFTER_PEAK;

  const playedEnergy = energy(reference, 0, length);
  const returned = energy(echo, 0, length);
  const unexplained = difference(microphone, echo);
  const residual = energy(unexplained, from, Math.min(to, length));
  const outside = energy(unexplained, 0, length) - residual;
  const span = Math.max(1, Math.min(to, length) - from);
  const noise = (outside * span) / Math.max(1, length - span);
  const [returnDb, residualDb, noiseDb] = [returned, residual, noise].map((each) =>
    dB(each / playedEnergy),
  ) as [number, number, number];
  const verdict =
    playedEnergy > LEAST_REFERENCE ? judge(returnDb, residualDb, noiseDb) : ('inconclusive' as const);
  const delayMs = (peak / SPEECH_RATE_HZ) * 1000;
  const doubt = Math.min(1, (residual + Number.MIN_VALUE) / (returned + Number.MIN_VALUE));
  return { verdict, returnDb, residualDb, delayMs, response, doubt };

  function spectrumOf(samples: Float32Array): Complex {
    const signal = createComplex(SIZE);
    for (const [n, sample] of samples.subarray(0, SIZE).entries())
      signal.re[n] = Number.isFinite(sample) ? sample : 0;
    fourier.forward(signal);
    return signal;
  }

  /** The answer divided by the sweep, cut to the surroundings of its peak. */
  function responseOf(x: Complex, y: Complex): Float32Array {
    const quotient = createComplex(SIZE);
    const powers = x.re.map((re, k) => re ** 2 + x.im[k]! ** 2);
    const least = LEAST_POWER * powers.reduce((most, power) => Math.max(most, power), Number.MIN_VALUE);
    for (const [k, power] of powers.entries()) {
      quotient.re[k] = (y.re[k]! * x.re[k]! + y.im[k]! * x.im[k]!) / (power + least);
      quotient.im[k] = (y.im[k]! * x.re[k]! - y.re[k]! * x.im[k]!) / (power + least);
    }
    fourier.inverse(quotient);
    const whole = Float32Array.from(quotient.re.subarray(0, PATH_SAMPLES));
    const strongest = peakOf(whole);
    return whole.map((sample, n) =>
      n >= strongest - BEFORE_PEAK && n <= strongest + AFTER_PEAK ? sample : 0,
    );
  }

  function echoOf(impulse: Float32Array): Float64Array {
    const product = spectrumOf(impulse);
    for (let k = 0; k < SIZE; k++) {
      const re = product.re[k]!;
      const im = product.im[k]!;
      product.re[k] = re * played.re[k]! - im * played.im[k]!;
      product.im[k] = re * played.im[k]! + im * played.re[k]!;
    }
    fourier.inverse(product);
    return product.re;
  }
}

function judge(returnDb: number, residualDb: number, noiseDb: number): EchoVerdict {
  const clearDb = returnDb - residualDb;
  if (residualDb <= UNEXPLAINED_DB) {
    return returnDb < INAUDIBLE_DB || clearDb < DISTINCT_DB ? 'system' : 'loopback';
  }
  if (clearDb > CLEAR_DB) return 'loopback';
  return noiseDb > residualDb - NOISE_MARGIN_DB ? 'inconclusive' : 'duck';
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const [n, sample] of samples.entries()) {
    if (Math.abs(sample) > Math.abs(samples[peak]!)) peak = n;
  }
  return peak;
}

function difference(a: Float32Array, b: Float64Array): Float64Array {
  return Float64Array.from(a, (sample, n) => (Number.isFinite(sample) ? sample : 0) - (b[n] ?? 0));
}

function energy(samples: Float32Array | Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let n = from; n < to; n++) sum += (samples[n] ?? 0) ** 2;
  return sum;
}

function dB(ratio: number): number {
  return 10 * Math.log10(ratio);
}
