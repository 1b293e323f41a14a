import { z } from 'zod';
import type { Speed } from '../../core/placement/speed.ts';

export const SPEEDS_KEY = 'parley.speeds';

const stored = z.record(
  z.string(),
  z.object({ delayMs: z.number().nonnegative(), timesRealTime: z.number().positive().optional() }),
);

/** How quick each model was on this device, by the key of its candidate. */
export interface SpeedStore {
  get(): Readonly<Record<string, Speed>>;
  set(key: string, speed: Speed): void;
  clear(): void;
}

/** Speeds in `localStorage`. Never throws; what is unreadable there counts as never measured. */
export function createSpeedStore(openStorage: () => Pick<Storage, 'getItem' | 'setItem'>): SpeedStore {
  let speeds = read(openStorage);

  function write(next: Readonly<Record<string, Speed>>): void {
    speeds = next;
    try {
      openStorage().setItem(SPEEDS_KEY, JSON.stringify(speeds));
    } catch {
      // Without storage they last as long as the page.
    }
  }

  return {
    get: () => speeds,
    set: (key, speed) => write({ ...speeds, [key]: speed }),
    clear: () => write({}),
  };
}

function read(openStorage: () => Pick<Storage, 'getItem'>): Readonly<Record<string, Speed>> {
  try {
    const { data } = stored.safeParse(JSON.parse(openStorage().getItem(SPEEDS_KEY) ?? '{}'));
    return (data ?? {}) as Record<string, Speed>;
  } catch {
    return {};
  }
}
