import type { ControlState } from './control.ts';

/** Ticks around the Talk control. */
export const TICKS = 96;
/** Levels remembered: one for each tick of a half circle, newest first. */
export const HISTORY = TICKS / 2 + 1;
/** Quietest level that shows, in dBFS; speech across a table lies around −35. */
const FLOOR_DB = -55;

/** Root mean square 0…1 to a meter position 0…1 on a decibel scale. Anything that is no number is silence. */
export function meterPosition(rms: number): number {
  if (!(rms > 0)) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}

/** How long the closing sweep of `deciding` takes: about what an undecided pause is waited for. */
const SWEEP_MS = 600;

export interface BezelInput {
  state: ControlState;
  /** Time the state has been shown. */
  elapsedMs: number;
  /** Meter positions, newest first. */
  levels: readonly number[];
  /** Loading, 0…1. */
  progress: number;
  /** No travelling movement; the level meter becomes a plain arc. */
  still: boolean;
}

export interface Tick {
  /** 0…1 */
  length: number;
  lit: boolean;
}

/** The look of tick `index`, counted clockwise from the top. */
export function bezelTick(index: number, input: BezelInput): Tick {
  const { state, elapsedMs, still } = input;
  // 0 at the top, 1 at the bottom, the same on both sides.
  const depth = Math.min(index, TICKS - index) / (TICKS / 2);
  const timeS = still ? 0.4 : elapsedMs / 1000;
  if (state === 'loading') return arc(index / TICKS < input.progress);
  if (state === 'listening' || state === 'hearing') {
    const newest = input.levels[0] ?? 0;
    if (still) return { length: 0.3, lit: 1 - depth < newest };
    const level = input.levels[Math.round(depth * (TICKS / 2))] ?? 0;
    return { length: level * (1 - depth * 0.55), lit: level > 0.06 };
  }
  if (state === 'deciding') return arc(depth <= (still ? 0.5 : elapsedMs / SWEEP_MS));
  if (state === 'thinking') return hump(index / TICKS - timeS * 0.45);
  if (state === 'speaking') {
    const wave = Math.sin(depth * 9 - timeS * 7) * 0.5 + Math.sin(depth * 17 + timeS * 4.3) * 0.3;
    return { length: 0.42 + wave * 0.42, lit: true };
  }
  if (state === 'reconnecting') return arc((index / TICKS + timeS * 0.12) % (1 / 3) < 0.16);
  if (state === 'failed') return { length: 0.12, lit: index % 12 === 0 };
  return { length: 0, lit: false };
}

/** States whose ticks move by themselves. */
export function moves(state: ControlState): boolean {
  return state === 'thinking' || state === 'speaking' || state === 'deciding' || state === 'reconnecting';
}

function arc(lit: boolean): Tick {
  return { length: lit ? 0.3 : 0, lit };
}

/** Two soft bumps opposite each other, at `turns` of a circle. */
function hump(turns: number): Tick {
  const distance = Math.abs(((((turns * 2) % 1) + 1) % 1) - 0.5) * 2;
  const length = Math.exp(-(distance ** 2) / 0.12) * 0.6;
  return { length, lit: length > 0.08 };
}
