import { describe, expect, it } from 'vitest';
import {
  learnPause,
  longestSilenceMs,
  silenceBeforeTurn,
  TYPICAL_SPEAKER,
} from '../../../core/turn/patience.ts';

const options = { pace: 'balanced', speaker: TYPICAL_SPEAKER, softPauseMs: 200 } as const;

describe('patience', () => {
  it('[DONE-1] never waits longer for what is more complete, between the soft pause and the longest silence', () => {
    for (const pace of ['quick', 'balanced', 'patient'] as const) {
      let before = Infinity;
      for (let percent = 0; percent <= 100; percent += 1) {
        const silenceMs = silenceBeforeTurn(percent / 100, { ...options, pace });
        expect(silenceMs).toBeLessThanOrEqual(before);
        expect(silenceMs).toBeGreaterThanOrEqual(200);
        before = silenceMs;
      }
      expect(silenceBeforeTurn(0, { ...options, pace })).toBe(longestSilenceMs(pace));
      expect(silenceBeforeTurn(1, { ...options, pace })).toBe(200);
    }
  });

  it('never ends a turn before the soft pause, however that is set', () => {
    expect(silenceBeforeTurn(0.99, { ...options, softPauseMs: 900 })).toBe(900);
    expect(silenceBeforeTurn(undefined, { ...options, softPauseMs: 900 })).toBe(900);
  });

  it('[DONE-5] learns from pauses, and no single one counts for much', () => {
    const once = learnPause(TYPICAL_SPEAKER, 60_000);
    expect(once.pauseMs).toBeLessThan(2 * TYPICAL_SPEAKER.pauseMs);
    expect(learnPause(TYPICAL_SPEAKER, -5).pauseMs).toBeGreaterThan(0);
  });
});
