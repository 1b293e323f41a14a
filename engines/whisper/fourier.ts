import { createComplex, createFourier } from '../../core/audio/fourier.ts';

/**
 * Power spectra of real frames of `size` samples, two at once: the first is the real part of a complex signal and the
 * second its imaginary part.
 * @returns a function that writes size ÷ 2 + 1 powers for each frame.
 */
export function createPowerSpectra(
  size: number,
): (first: Float64Array, second: Float64Array, powers: readonly [Float64Array, Float64Array]) => void {
  const fourier = createFourier(size);
  const signal = createComplex(size);

  return (first, second, [firstPower, secondPower]) => {
    signal.re.set(first);
    signal.im.set(second);
    fourier.forward(signal);
    const { re, im } = signal;
    for (let bin = 0; bin <= size / 2; bin++) {
      const mirror = (size - bin) % size;
      firstPower[bin] = ((re[bin]! + re[mirror]!) ** 2 + (im[bin]! - im[mirror]!) ** 2) / 4;
      secondPower[bin] = ((im[bin]! + im[mirror]!) ** 2 + (re[bin]! - re[mirror]!) ** 2) / 4;
    }
  };
}
