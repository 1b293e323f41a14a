import type { PlacedStage } from './plan.ts';

/** How quick a model is on this device. */
export interface Speed {
  /** What it adds to a turn: until words are settled, until the first token, until the first sound. */
  delayMs: number;
  /** How many times faster than speech it works; absent where that was never measured. */
  timesRealTime?: number;
}

/**
 * Above these a stage is too slow to talk with. Parley's own judgement: all together, a silence of some five seconds is
 * where people begin to speak again.
 */
const SLOWEST_MS: Readonly<Record<PlacedStage, number>> = {
  vad: 32,
  turn: 500,
  stt: 1_500,
  llm: 2_500,
  tts: 1_000,
};

/** New measurements count this much: a turn that was held up by something else changes little. */
const WEIGHT = 0.25;
/** A change by less than this is no reason to think again. */
const DRIFT = 2;

export function isTooSlow(stage: PlacedStage, { delayMs, timesRealTime }: Speed): boolean {
  return delayMs > SLOWEST_MS[stage] || (timesRealTime ?? 1) < 1;
}

/** What is known after one more turn that took `delayMs`. */
export function refineSpeed(known: Speed | undefined, delayMs: number): Speed {
  if (known === undefined) return { delayMs };
  return { ...known, delayMs: known.delayMs + WEIGHT * (delayMs - known.delayMs) };
}

/** Whether a model has become so much slower or quicker that the plan may be another. */
export function hasDrifted(before: Speed | undefined, now: Speed): boolean {
  if (before === undefined) return true;
  const ratio = now.delayMs / Math.max(1, before.delayMs);
  return ratio > DRIFT || ratio < 1 / DRIFT;
}
