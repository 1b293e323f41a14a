import { describe, expect, it } from 'vitest';
import { collapse } from '../../engines/speech/collapse.ts';

const BLANK = 2;

/** Scores of three tokens, where the named one of each frame has probability `sure` among them. */
function frames(best: readonly number[], sure = 0.8): Float32Array {
  const other = Math.log((1 - sure) / 2);
  return Float32Array.from(
    best.flatMap((id) => [0, 1, 2].map((each) => (each === id ? Math.log(sure) : other))),
  );
}

describe('The frames of a CTC model', () => {
  it.each([
    ['a run is one token', [0, 0, 0], [0]],
    ['a blank between two of the same makes two', [0, BLANK, 0, 0], [0, 0]],
    ['blanks alone are nothing', [BLANK, BLANK], []],
    ['tokens may follow each other without a blank', [0, 1, 1, 0], [0, 1, 0]],
    ['there may be no frame', [], []],
  ])('are read so that %s', (_, best, ids) => {
    expect(collapse(frames(best), 3, BLANK).ids).toEqual(ids);
  });

  it('are as sure as the surest frame of each token, blanks left out', () => {
    const scores = [frames([0], 0.5), frames([0], 0.9), frames([BLANK], 0.4), frames([1], 0.6)];
    const all = Float32Array.from(scores.flatMap((row) => [...row]));
    expect(collapse(all, 3, BLANK).meanLogProbability).toBeCloseTo((Math.log(0.9) + Math.log(0.6)) / 2, 5);
    expect(collapse(frames([BLANK]), 3, BLANK).meanLogProbability).toBe(0);
  });
});
