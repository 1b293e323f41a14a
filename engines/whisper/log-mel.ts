import { createPowerSpectra } from './fourier.ts';

export interface LogMelOptions {
  /** Samples of a frame, and of the window. */
  frameSamples: number;
  hopSamples: number;
  windowSamples: number;
  /** Weights of the frame's samples: a Hann window. */
  taper: ArrayLike<number>;
  /** Weight of each frequency in each band, [bands][frameSamples ÷ 2 + 1]. */
  filters: readonly ArrayLike<number>[];
}

interface Band {
  from: number;
  weights: Float64Array;
}

/** Least power of a band, before the logarithm: OpenAI's Whisper. */
const FLOOR = 1e-10;
/** Bands this far below the loudest are cut, in powers of ten: OpenAI's Whisper. */
const RANGE = 8;

/**
 * Whisper's log-mel spectrogram, [bands × frames] row by row, of audio padded with silence to a full window. Equal to
 * transformers.js' own within rounding, and much cheaper while a person speaks: frames that were computed for the last
 * call are reused when its audio begins the same, and silent padding costs nothing.
 */
export function createLogMel(options: LogMelOptions): (samples: Float32Array) => Float32Array {
  const { frameSamples, hopSamples, windowSamples } = options;
  const half = frameSamples / 2;
  const frames = Math.floor(windowSamples / hopSamples);
  const bands = options.filters.map(toBand);
  const powerSpectra = createPowerSpectra(frameSamples);
  const inputs = [new Float64Array(frameSamples), new Float64Array(frameSamples)] as const;
  const powers = [new Float64Array(half + 1), new Float64Array(half + 1)] as const;
  /** Logarithms by frame, [frames × bands], of `known`'s audio. */
  const logs = new Float32Array(frames * bands.length);
  let known = new Float32Array(0);

  function readFrame(samples: Float32Array, frame: number, target: Float64Array): void {
    const start = frame * hopSamples - half;
    for (let index = 0; index < frameSamples; index++) {
      const at = Math.abs(start + index);
      const sample = samples[at < windowSamples ? at : 2 * (windowSamples - 1) - at] ?? 0;
      target[index] = sample * options.taper[index]!;
    }
  }

  function writeFrame(frame: number, power: Float64Array): void {
    for (const [index, { from, weights }] of bands.entries()) {
      let energy = 0;
      for (let bin = 0; bin < weights.length; bin++) energy += power[from + bin]! * weights[bin]!;
      logs[frame * bands.length + index] = Math.log10(Math.max(energy, FLOOR));
    }
  }

  /** Frames that do not reach the first sample in which the audio differs from the last. */
  function reusable(samples: Float32Array): number {
    const end = Math.min(samples.length, known.length);
    let same = 0;
    while (same < end && samples[same] === known[same]) same++;
    return Math.max(0, Math.floor((same - half) / hopSamples) + 1);
  }

  return (samples) => {
    const first = Math.min(frames, reusable(samples));
    const last = Math.min(frames, Math.ceil((samples.length + half) / hopSamples));
    for (let frame = first; frame < last; frame += 2) {
      readFrame(samples, frame, inputs[0]);
      readFrame(samples, frame + 1, inputs[1]);
      powerSpectra(inputs[0], inputs[1], powers);
      writeFrame(frame, powers[0]);
      if (frame + 1 < last) writeFrame(frame + 1, powers[1]);
    }
    logs.fill(Math.log10(FLOOR), last * bands.length);
    known = samples.slice();
    return normalize(logs, frames, bands.length);
  };
}

/** Cuts what is far below the loudest, scales to about −1…1 and turns frames into rows of bands. */
function normalize(logs: Float32Array, frames: number, bands: number): Float32Array {
  let loudest = -Infinity;
  for (const value of logs) if (value > loudest) loudest = value;
  const features = new Float32Array(logs.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < bands; band++) {
      const value = Math.max(logs[frame * bands + band]!, loudest - RANGE);
      features[band * frames + frame] = (value + 4) / 4;
    }
  }
  return features;
}

/** Most weights of a filter are zero: only the others are kept. */
function toBand(filter: ArrayLike<number>): Band {
  const weights = Float64Array.from(filter);
  const from = Math.max(
    0,
    weights.findIndex((weight) => weight !== 0),
  );
  const to = weights.findLastIndex((weight) => weight !== 0) + 1;
  return { from, weights: weights.slice(from, to) };
}
