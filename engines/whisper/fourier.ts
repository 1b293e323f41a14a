/** One stage of the transform: joins `radix` finished transforms of `span` points each. */
interface Stage {
  radix: number;
  span: number;
  /** e^(−2πi·t·j/(span·radix)) for j in 0…span−1 and t in 0…radix−1. */
  twiddle: Complex;
  /** e^(−2πi·t·u/radix), radix × radix. */
  kernel: Complex;
}

interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/**
 * Power spectra of real frames of `size` samples, two at once: the first is the real part of a complex signal and the
 * second its imaginary part. A Stockham transform of mixed radix, because Whisper's frames have 400 samples.
 * @returns a function that writes size ÷ 2 + 1 powers for each frame.
 */
export function createPowerSpectra(
  size: number,
): (first: Float64Array, second: Float64Array, powers: readonly [Float64Array, Float64Array]) => void {
  const stages = planStages(size);
  let from: Complex = { re: new Float64Array(size), im: new Float64Array(size) };
  let to: Complex = { re: new Float64Array(size), im: new Float64Array(size) };

  return (first, second, [firstPower, secondPower]) => {
    from.re.set(first);
    from.im.set(second);
    for (const stage of stages) {
      runStage(stage, size, from, to);
      [from, to] = [to, from];
    }
    const { re, im } = from;
    for (let bin = 0; bin <= size / 2; bin++) {
      const mirror = (size - bin) % size;
      firstPower[bin] = ((re[bin]! + re[mirror]!) ** 2 + (im[bin]! - im[mirror]!) ** 2) / 4;
      secondPower[bin] = ((im[bin]! + im[mirror]!) ** 2 + (re[bin]! - re[mirror]!) ** 2) / 4;
    }
  };
}

function runStage({ radix, span, twiddle, kernel }: Stage, size: number, from: Complex, to: Complex): void {
  const groups = size / radix;
  const partRe = new Float64Array(radix);
  const partIm = new Float64Array(radix);
  for (let group = 0; group < groups; group++) {
    const place = group % span;
    for (let part = 0; part < radix; part++) {
      const re = from.re[group + part * groups]!;
      const im = from.im[group + part * groups]!;
      const wRe = twiddle.re[place * radix + part]!;
      const wIm = twiddle.im[place * radix + part]!;
      partRe[part] = re * wRe - im * wIm;
      partIm[part] = re * wIm + im * wRe;
    }
    const target = (group - place) * radix + place;
    for (let output = 0; output < radix; output++) {
      let re = 0;
      let im = 0;
      for (let part = 0; part < radix; part++) {
        const kRe = kernel.re[output * radix + part]!;
        const kIm = kernel.im[output * radix + part]!;
        re += partRe[part]! * kRe - partIm[part]! * kIm;
        im += partRe[part]! * kIm + partIm[part]! * kRe;
      }
      to.re[target + output * span] = re;
      to.im[target + output * span] = im;
    }
  }
}

function planStages(size: number): Stage[] {
  const stages: Stage[] = [];
  let span = 1;
  for (const radix of factors(size)) {
    stages.push({
      radix,
      span,
      twiddle: roots(span, radix, span * radix),
      kernel: roots(radix, radix, radix),
    });
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
