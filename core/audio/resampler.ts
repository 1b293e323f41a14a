import { AppError } from '../errors.ts';
import { concatSamples, type Pcm } from './pcm.ts';

/**
 * Half the filter's length, in zero crossings of its sinc. With a Kaiser window of 80 dB this gives a transition of a
 * tenth of the band: flat to 0.9 of the lower Nyquist frequency, silent from that frequency on.
 */
const HALF_CROSSINGS = 48;
/** Kaiser's β for 80 dB: 0.1102 × (80 − 8.7). */
const KAISER_BETA = 7.857;
/** Middle of the transition, relative to the lower Nyquist frequency. */
const CUTOFF = 0.948;
/**
 * Rows of the filter table. Every pair of common device rates needs at most 640 and is exact; rates without a common
 * divisor are interpolated between rows, with an error below −105 dB.
 */
const MAX_ROWS = 640;

export interface Resampler {
  /** Samples that `pushInto` may write for this many input samples. */
  maxOutput(inputSamples: number): number;
  /**
   * Takes the first `count` samples (all by default) and writes what is ready to `out`, which must hold `maxOutput`.
   * Answers with how many it wrote. No allocation once it has seen input of this size.
   */
  pushInto(samples: Float32Array, out: Float32Array, count?: number): number;
  /** Takes input and answers with what is ready, in a buffer of its own. */
  push(samples: Float32Array): Float32Array<ArrayBuffer>;
  /** The rest of the stream, as if silence followed; the resampler then starts afresh. */
  flush(): Float32Array<ArrayBuffer>;
}

/**
 * Stateful resampler: a polyphase windowed sinc that low-passes before it decimates. Output sample k lies exactly at
 * input time k × from ÷ to, so nothing drifts over long streams, n input samples give ⌈n × to ÷ from⌉ in all, and
 * chunks of any size give the same samples as the whole. It looks ahead 48 samples of the lower rate (3 ms at 16 kHz).
 * Rates are whole Hz, 8–192 kHz.
 * @throws AppError `audio.invalid` for any other rate.
 */
export function createResampler(fromHz: number, toHz: number): Resampler {
  assertRate(fromHz);
  assertRate(toHz);
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const { rows, before, after } = filterFor(up, down);
  const taps = before + 1 + after;
  const rowsPerStep = rows.length > up ? 1 : (rows.length - 1) / up;

  let buffer = new Float32Array(before + 4096);
  let filled = before;
  /** Input sample at or before the next output sample, as an index of `buffer`; `phase` ÷ `up` lies beyond it. */
  let index = before;
  let phase = 0;

  function append(samples: Float32Array, count: number): void {
    if (filled + count > buffer.length) {
      const larger = new Float32Array(2 * (filled + count));
      larger.set(buffer.subarray(0, filled));
      buffer = larger;
    }
    for (let n = 0; n < count; n++) buffer[filled + n] = samples[n]!;
    filled += count;
  }

  function dropUsed(): void {
    const used = Math.min(index - before, filled);
    buffer.copyWithin(0, used, filled);
    filled -= used;
    index -= used;
  }

  function sampleAt(start: number, row: Float32Array): number {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += buffer[start + tap]! * row[tap]!;
    return sum;
  }

  function drain(out: Float32Array): number {
    let written = 0;
    while (index + after < filled) {
      const place = phase * rowsPerStep;
      const row = Math.floor(place);
      const blend = place - row;
      let sample = sampleAt(index - before, rows[row]!);
      if (blend > 0) sample += blend * (sampleAt(index - before, rows[row + 1]!) - sample);
      out[written++] = sample;
      phase += down;
      index += Math.floor(phase / up);
      phase %= up;
    }
    dropUsed();
    return written;
  }

  const maxOutput = (inputSamples: number): number => Math.ceil((inputSamples * up) / down) + 1;

  function pushInto(samples: Float32Array, out: Float32Array, count = samples.length): number {
    append(samples, count);
    return drain(out);
  }

  function push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const out = new Float32Array(maxOutput(samples.length));
    return out.slice(0, pushInto(samples, out));
  }

  function flush(): Float32Array<ArrayBuffer> {
    const rest = push(new Float32Array(after));
    buffer.fill(0);
    filled = before;
    index = before;
    phase = 0;
    return rest;
  }

  return { maxOutput, pushInto, push, flush };
}

/** Whole audio at another rate, ⌈n × to ÷ from⌉ samples. @throws AppError `audio.invalid` as `createResampler`. */
export function resample(pcm: Pcm, toHz: number): Pcm {
  if (pcm.rateHz === toHz) return pcm;
  const resampler = createResampler(pcm.rateHz, toHz);
  return { samples: concatSamples([resampler.push(pcm.samples), resampler.flush()]), rateHz: toHz };
}

interface Filter {
  /** One row of taps for each fraction of an input sample, and a last one for a whole sample. */
  rows: Float32Array[];
  /** Taps before and after the input sample that the output sample follows. */
  before: number;
  after: number;
}

/** Filters made so far: the audio thread must not stop for milliseconds at each clip. */
const filters = new Map<string, Filter>();

function filterFor(up: number, down: number): Filter {
  const key = `${up}/${down}`;
  const filter = filters.get(key) ?? designFilter(up, down);
  filters.set(key, filter);
  return filter;
}

function designFilter(up: number, down: number): Filter {
  if (up === down) return { rows: [Float32Array.of(1)], before: 0, after: 0 };
  const scale = Math.min(1, up / down);
  const halfWidth = HALF_CROSSINGS / scale;
  const after = Math.ceil(halfWidth);
  const before = after - 1;
  const steps = Math.min(up, MAX_ROWS);
  const rows: Float32Array[] = [];
  for (let step = 0; step <= steps; step++) {
    const row = new Float64Array(before + 1 + after);
    let gain = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const x = tap - before - step / steps;
      row[tap] = sinc(x * scale * CUTOFF) * kaiser(Math.abs(x) / halfWidth);
      gain += row[tap]!;
    }
    rows.push(Float32Array.from(row, (weight) => weight / gain));
  }
  return { rows, before, after };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The window at 0…1 of its half width, from a table: interpolation errs by less than −125 dB. */
function kaiser(x: number): number {
  const place = Math.min(x, 1) * KAISER_STEPS;
  const step = Math.min(Math.floor(place), KAISER_STEPS - 1);
  return kaiserTable[step]! + (place - step) * (kaiserTable[step + 1]! - kaiserTable[step]!);
}

const KAISER_STEPS = 2048;
const kaiserTable = Float64Array.from(
  { length: KAISER_STEPS + 1 },
  (_, step) => besselI0(KAISER_BETA * Math.sqrt(1 - (step / KAISER_STEPS) ** 2)) / besselI0(KAISER_BETA),
);

/** Modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > sum * 1e-12; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function assertRate(rateHz: number): void {
  if (!Number.isInteger(rateHz) || rateHz < 8_000 || rateHz > 192_000) {
    throw new AppError('audio.invalid', `Audio at ${rateHz} Hz cannot be used; send 8 to 192 kHz.`);
  }
}
