import type { Clock } from '../../core/clock.ts';

/** Monotonic time of this process. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
