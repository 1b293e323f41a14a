import { describe, expect, it } from 'vitest';
import { replay, withinCutOffs, withinDelay } from './turn-replay.ts';
import type { JudgedTurn } from './turn-replay.ts';

/** Said until 3 s with a pause from 1 s to 2 s; each pause is noticed after 200 ms. */
function pausing(inner: number | undefined, end: number | undefined, workMs = 0): JudgedTurn {
  return {
    endMs: 3000,
    lengthMs: 6000,
    pauses: [
      { speechEndMs: 1000, atMs: 1200, resumedAtMs: 2000, probability: inner, workMs },
      { speechEndMs: 3000, atMs: 3200, resumedAtMs: undefined, probability: end, workMs },
    ],
  };
}

const waitUnlessSure = (probability = 0): number => (probability > 0.5 ? 300 : 1500);

describe('replaying turns', () => {
  it('counts a turn that is taken before the speaker goes on as cut off', () => {
    expect(replay([pausing(0.9, 0.9), pausing(0.1, 0.9)], waitUnlessSure).cutOffs).toBe(0.5);
  });

  it('measures the delay from the acoustic end, also where the turn was cut off before', () => {
    expect(replay([pausing(0.9, 0.9), pausing(0.1, 0.1)], waitUnlessSure).delaysMs).toEqual([300, 1500]);
  });

  it('takes no turn before the pause is noticed and judged', () => {
    expect(replay([pausing(0.1, 0.9, 250)], waitUnlessSure).delaysMs).toEqual([450]);
  });

  it('waits until the recording is over where no pause was heard', () => {
    expect(replay([{ endMs: 3000, lengthMs: 6000, pauses: [] }], waitUnlessSure)).toEqual({
      cutOffs: 0,
      delaysMs: [3000],
    });
  });
});

describe('choosing an operating point', () => {
  const outcomes = [
    { cutOffs: 0.3, delaysMs: [200, 300] },
    { cutOffs: 0.2, delaysMs: [250, 350] },
    { cutOffs: 0.05, delaysMs: [400, 900] },
    { cutOffs: 0.01, delaysMs: [800, 900] },
  ];

  it('finds the fewest cut-offs within a mean delay', () => {
    expect(withinDelay(outcomes, 300)).toBe(outcomes[1]);
    expect(withinDelay(outcomes, 100)).toBeUndefined();
  });

  it('finds the shortest mean delay within a share of cut-offs', () => {
    expect(withinCutOffs(outcomes, 0.05)).toBe(outcomes[2]);
    expect(withinCutOffs(outcomes, 0.001)).toBeUndefined();
  });
});
