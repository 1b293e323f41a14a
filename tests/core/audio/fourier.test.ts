import { describe, expect, it } from 'vitest';
import { createComplex, createFourier } from '../../../core/audio/fourier.ts';
import { createRandom } from '../../support/random.ts';

function noise(size: number) {
  const random = createRandom(size);
  const signal = createComplex(size);
  for (let n = 0; n < size; n++) {
    signal.re[n] = random.next() - 0.5;
    signal.im[n] = random.next() - 0.5;
  }
  return signal;
}

describe('Fourier transform', () => {
  it.each([1, 2, 6, 49, 400, 1024])('gives the sums of its definition for %i points', (size) => {
    const signal = noise(size);
    const { re, im } = { re: signal.re.slice(), im: signal.im.slice() };
    createFourier(size).forward(signal);
    for (const bin of [0, 1 % size, Math.floor(size / 2), size - 1]) {
      let sumRe = 0;
      let sumIm = 0;
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * bin * n) / size;
        sumRe += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle);
        sumIm += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle);
      }
      expect(signal.re[bin]).toBeCloseTo(sumRe, 8);
      expect(signal.im[bin]).toBeCloseTo(sumIm, 8);
    }
  });

  it.each([6, 400, 1024])('gives the signal back by its inverse for %i points', (size) => {
    const signal = noise(size);
    const before = signal.re.slice();
    const fourier = createFourier(size);
    fourier.forward(signal);
    fourier.inverse(signal);
    for (const [n, sample] of signal.re.entries()) expect(sample).toBeCloseTo(before[n]!, 10);
  });
});
