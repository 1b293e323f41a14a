/** A complex signal, or its spectrum, in two arrays of the same length. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/** The discrete Fourier transform of one size, in place. Allocates nothing; an instance serves one thread. */
export interface Fourier {
  /** Signal to spectrum, not scaled. */
  forward(signal: Complex): void;
  /** Spectrum to signal, scaled by 1 ÷ size, so that both together change nothing. */
  inverse(spectrum: Complex): void;
}

/** One stage of the transform: joins `radix` finished transforms of `span` points each. */
interface Stage {
  radix: number;
  span: number;
  /** e^(−2πi·t·j/(span·radix)) for j in 0…span−1 and t in 0…radix−1. */
  twiddle: Complex;
  /** e^(−2πi·t·u/radix), radix × radix. */
  kernel: Complex;
  /** Room for the points that one butterfly joins. */
  parts: Complex;
}

export function createComplex(size: number): Complex {
  return { re: new Float64Array(size), im: new Float64Array(size) };
}

/** A Stockham transform of mixed radix: Whisper's frames have 400 samples, the echo canceller's blocks 1024. */
export function createFourier(size: number): Fourier {
  const stages = planStages(size);
  const spare = [createComplex(size), createComplex(size)] as const;

  function forward(signal: Complex): void {
    let from = signal;
    for (const [index, stage] of stages.entries()) {
      const to = spare[index % 2]!;
      if (stage.radix === 4) runFours(stage, size, from, to);
      else runStage(stage, size, from, to);
      from = to;
    }
    if (from === signal) return;
    signal.re.set(from.re);
    signal.im.set(from.im);
  }

  function inverse({ re, im }: Complex): void {
    // With real and imaginary part exchanged, the forward transform is the inverse one.
    forward({ re: im, im: re });
    for (let n = 0; n < size; n++) {
      re[n] = re[n]! / size;
      im[n] = im[n]! / size;
    }
  }

  return { forward, inverse };
}

function runStage(stage: Stage, size: number, from: Complex, to: Complex): void {
  const { radix, span, twiddle, kernel, parts } = stage;
  const groups = size / radix;
  for (let group = 0; group < groups; group++) {
    const place = group % span;
    for (let part = 0; part < radix; part++) {
      const re = from.re[group + part * groups]!;
      const im = from.im[group + part * groups]!;
      const wRe = twiddle.re[place * radix + part]!;
      const wIm = twiddle.im[place * radix + part]!;
      parts.re[part] = re * wRe - im * wIm;
      parts.im[part] = re * wIm + im * wRe;
    }
    const target = (group - place) * radix + place;
    for (let output = 0; output < radix; output++) {
      let re = 0;
      let im = 0;
      for (let part = 0; part < radix; part++) {
        const kRe = kernel.re[output * radix + part]!;
        const kIm = kernel.im[output * radix + part]!;
        re += parts.re[part]! * kRe - parts.im[part]! * kIm;
        im += parts.re[part]! * kIm + parts.im[part]! * kRe;
      }
      to.re[target + output * span] = re;
      to.im[target + output * span] = im;
    }
  }
}

/** The stage of radix 4, whose kernel is nothing but signs: several times faster. */
function runFours({ span, twiddle }: Stage, size: number, from: Complex, to: Complex): void {
  const groups = size / 4;
  const { re: inRe, im: inIm } = from;
  const { re: outRe, im: outIm } = to;
  const { re: wRe, im: wIm } = twiddle;
  for (let group = 0; group < groups; group++) {
    const place = group % span;
    const w = place * 4;
    const re0 = inRe[group]!;
    const im0 = inIm[group]!;
    const a = group + groups;
    const re1 = inRe[a]! * wRe[w + 1]! - inIm[a]! * wIm[w + 1]!;
    const im1 = inRe[a]! * wIm[w + 1]! + inIm[a]! * wRe[w + 1]!;
    const b = a + groups;
    const re2 = inRe[b]! * wRe[w + 2]! - inIm[b]! * wIm[w + 2]!;
    const im2 = inRe[b]! * wIm[w + 2]! + inIm[b]! * wRe[w + 2]!;
    const c = b + groups;
    const re3 = inRe[c]! * wRe[w + 3]! - inIm[c]! * wIm[w + 3]!;
    const im3 = inRe[c]! * wIm[w + 3]! + inIm[c]! * wRe[w + 3]!;
    const target = (group - place) * 4 + place;
    outRe[target] = re0 + re2 + (re1 + re3);
    outIm[target] = im0 + im2 + (im1 + im3);
    outRe[target + span] = re0 - re2 + (im1 - im3);
    outIm[target + span] = im0 - im2 - (re1 - re3);
    outRe[target + 2 * span] = re0 + re2 - (re1 + re3);
    outIm[target + 2 * span] = im0 + im2 - (im1 + im3);
    outRe[target + 3 * span] = re0 - re2 - (im1 - im3);
    outIm[target + 3 * span] = im0 - im2 + (re1 - re3);
  }
}

function planStages(size: number): Stage[] {
  const stages: Stage[] = [];
  let span = 1;
  for (const radix of factors(size)) {
    const twiddle = roots(span, radix, span * radix);
    stages.push({ radix, span, twiddle, kernel: roots(radix, radix, radix), parts: createComplex(radix) });
    span *= radix;
  }
  return stages;
}

function roots(rows: number, columns: number, period: number): Complex {
  const angle = (index: number): number =>
    (-2 * Math.PI * Math.floor(index / columns) * (index % columns)) / period;
  return {
    re: Float64Array.from({ length: rows * columns }, (_, index) => Math.cos(angle(index))),
    im: Float64Array.from({ length: rows * columns }, (_, index) => Math.sin(angle(index))),
  };
}

/** Prime factors, with fours in place of pairs of twos. */
function factors(size: number): number[] {
  const found: number[] = [];
  let rest = size;
  for (const factor of [4, 2, 3, 5, 7]) {
    for (; rest % factor === 0; rest /= factor) found.push(factor);
  }
  if (rest > 1) found.push(rest);
  return found;
}
