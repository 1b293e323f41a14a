import type { Clock } from '../../core/clock.ts';

/** A clock that moves only when told to. Promises settle between timers, so a scene plays in its exact order. */
export interface VirtualClock extends Clock {
  /** Moves time on, running every timer that falls due on the way. */
  advance(ms: number): Promise<void>;
  /** Lets promises settle without moving time. */
  settle(): Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  interface Timer {
    atMs: number;
    callback: () => void;
  }
  let nowMs = 0;
  const timers = new Set<Timer>();

  // A macrotask runs only after every pending microtask.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function nextDue(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.atMs <= untilMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  }

  return {
    nowMs: () => nowMs,
    after(ms, callback) {
      const timer = { atMs: nowMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    settle,
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        nowMs = timer.atMs;
        timers.delete(timer);
        timer.callback();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}
