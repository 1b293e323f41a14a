import type { Clock } from '../../core/clock.ts';

/** Milliseconds that every thread of the page agrees on: monotonic within the page, counted from the epoch. */
export function pageNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The session's clock: microphone frames and playback reports are dated by it. */
export const pageClock: Clock = {
  nowMs: pageNowMs,
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
