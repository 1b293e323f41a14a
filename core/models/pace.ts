/** How fast a download goes, from the last seconds of it. */
export interface Pace {
  /** @param presentBytes all that is here */
  add(nowMs: number, presentBytes: number): void;
  /** 0 where nothing came for a while, undefined while there is too little to judge by. */
  bytesPerSecond(nowMs: number): number | undefined;
}

/** Long enough that a hiccup does not make the time left jump, short enough to notice a slower network. */
const WINDOW_MS = 15_000;
/** The first moments of a connection say nothing of what follows. */
const SETTLE_MS = 2_000;
const SAMPLE_MS = 250;

export function createPace(): Pace {
  let samples: { atMs: number; bytes: number }[] = [];
  return {
    add(nowMs, presentBytes) {
      const last = samples.at(-1);
      if (last !== undefined && nowMs - last.atMs < SAMPLE_MS) return;
      // Less than before: something was thrown away and is fetched again.
      if (last !== undefined && presentBytes < last.bytes) samples = [];
      samples.push({ atMs: nowMs, bytes: presentBytes });
      while (samples.length > 2 && nowMs - samples[1]!.atMs > WINDOW_MS) samples.shift();
    },
    bytesPerSecond(nowMs) {
      const [first] = samples;
      const last = samples.at(-1);
      if (first === undefined || last === undefined || nowMs - first.atMs < SETTLE_MS) return undefined;
      if (nowMs - last.atMs > WINDOW_MS) return 0;
      return ((last.bytes - first.bytes) / (nowMs - first.atMs)) * 1_000;
    },
  };
}
