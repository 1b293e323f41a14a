import { describe, expect, it } from 'vitest';
import { bezelTick, HISTORY, meterPosition, TICKS, type BezelInput } from '../../src/state/bezel.ts';
import { controlStates } from '../../src/state/control.ts';

const input: BezelInput = {
  state: 'idle',
  elapsedMs: 300,
  levels: Array.from({ length: HISTORY }, (_, index) => (index < 10 ? 0.8 : 0)),
  progress: 0.5,
  still: false,
};
const ring = (changes: Partial<BezelInput>) =>
  Array.from({ length: TICKS }, (_, index) => bezelTick(index, { ...input, ...changes }));
const lit = (changes: Partial<BezelInput>) => ring(changes).filter((tick) => tick.lit).length;

describe('the level meter', () => {
  it('is empty at silence and below, full at full scale, and takes no nonsense', () => {
    expect([0, -1, Number.NaN, 1e-9].map(meterPosition)).toEqual([0, 0, 0, 0]);
    expect([1, 7, Infinity].map(meterPosition)).toEqual([1, 1, 1]);
    expect(meterPosition(0.05)).toBeGreaterThan(0.4);
  });
});

describe('the ring of ticks', () => {
  it('keeps every tick within its length, whatever it shows', () => {
    for (const state of controlStates) {
      for (const elapsedMs of [0, 1, 250, 999, 60_000]) {
        for (const still of [true, false]) {
          for (const { length } of ring({ state, elapsedMs, still })) {
            expect(length).toBeGreaterThanOrEqual(0);
            expect(length).toBeLessThanOrEqual(1);
          }
        }
      }
    }
  });

  it('fills with loading', () => {
    expect(lit({ state: 'loading' })).toBe(TICKS / 2);
    expect(lit({ state: 'loading', progress: 0 })).toBe(0);
    expect(lit({ state: 'loading', progress: 1 })).toBe(TICKS);
  });

  it('shows the newest level at the top and the same on both sides', () => {
    const ticks = ring({ state: 'hearing' });
    expect(ticks[0]?.lit).toBe(true);
    expect(ticks[TICKS / 2]?.lit).toBe(false);
    expect(ticks[5]).toEqual(ticks[TICKS - 5]);
  });

  it('closes while the endpoint comes nearer', () => {
    expect(lit({ state: 'deciding', elapsedMs: 100 })).toBeLessThan(
      lit({ state: 'deciding', elapsedMs: 500 }),
    );
    expect(lit({ state: 'deciding', elapsedMs: 700 })).toBe(TICKS);
  });

  it('stands still where motion is not wanted, and still shows the level', () => {
    for (const state of controlStates) {
      expect(ring({ state, still: true, elapsedMs: 0 })).toEqual(
        ring({ state, still: true, elapsedMs: 5000 }),
      );
    }
    expect(lit({ state: 'hearing', still: true, levels: [1] })).toBeGreaterThan(
      lit({ state: 'hearing', still: true, levels: [0.2] }),
    );
  });
});
