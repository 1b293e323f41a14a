import type { Pcm } from '../../core/audio/pcm.ts';
import { spectralShape } from './spectral-shape.ts';

type Shape = readonly Float64Array[];

/** How far the two sounds may run apart, as a share of their length: pauses and tempo differ from voice to voice. */
const LEEWAY = 0.2;

/**
 * How much better a sound fits a reference than the reference played backwards, which holds the same sounds in another
 * order: 1 where neither fits better, towards 0 for a recording of the same words. Voice, loudness and tempo hardly
 * count (dynamic time warping over the spectrum). 1 for what is too short to say.
 */
export function likeness(sound: Pcm, reference: Pcm): number {
  const heard = spectralShape(sound);
  const expected = spectralShape(reference);
  const forwards = distance(heard, expected);
  const backwards = distance(heard, expected.toReversed());
  return Number.isFinite(forwards) && backwards > 0 ? forwards / backwards : 1;
}

/** Mean distance of the frames along the best alignment; infinite where there is none. */
function distance(a: Shape, b: Shape): number {
  let above = new Float64Array(b.length + 1).fill(Infinity);
  above[0] = 0;
  for (let row = 1; row <= a.length; row++) {
    const costs = new Float64Array(b.length + 1).fill(Infinity);
    for (let column = 1; column <= b.length; column++) {
      if (Math.abs(row / a.length - column / b.length) > LEEWAY) continue;
      const here = apart(a[row - 1]!, b[column - 1]!);
      // A step in both costs as much as one in each, so that no path is favoured for being short.
      costs[column] = here + Math.min(above[column - 1]! + here, above[column]!, costs[column - 1]!);
    }
    above = costs;
  }
  return above[b.length]! / (a.length + b.length);
}

function apart(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let band = 0; band < a.length; band++) sum += (a[band]! - b[band]!) ** 2;
  return Math.sqrt(sum / a.length);
}
