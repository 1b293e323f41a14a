import { z } from 'zod';
import { tiers } from '../../core/placement/plan.ts';
import type { Tier } from '../../core/placement/plan.ts';

export const TIER_KEY = 'parley.start';

const record = z.object({
  tier: z.enum(tiers).default('full'),
  /** A start that is under way: the lock that its page holds, and whether it uses the graphics chip. */
  starting: z.object({ lock: z.string(), gpu: z.boolean() }).optional(),
});
type StartRecord = z.infer<typeof record>;

type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Remembers starts that ended in a crash. A page that the system kills, for want of memory or with its graphics driver,
 * cannot say so: but the mark it left is still there at the next start, and the plan then holds back by one tier.
 */
export interface TierStore {
  get(): Tier;
  /** Whether it is this start that was lowered. */
  lowered(): boolean;
  /** Models begin to load. */
  begin(gpu: boolean): void;
  /** All is well: models are loaded and have answered, or the person left in good order. */
  settle(): void;
  lift(): void;
}

export interface TierStoreDeps {
  openStorage(): KeyValueStorage;
  /** Names of the locks that are held on this origin; a page that lives has not crashed. Absent where nobody can tell. */
  heldLocks?: readonly string[];
  /** The lock that this page holds as long as it lives. */
  ownLock: string;
}

/** Never throws: without storage nothing is remembered. */
export function createTierStore({ openStorage, heldLocks = [], ownLock }: TierStoreDeps): TierStore {
  const before = read(openStorage);
  let known = afterCrash(before, heldLocks);
  const crashed = before.starting !== undefined && known.starting === undefined;
  if (crashed) write(known);

  function write(next: StartRecord): void {
    known = next;
    try {
      openStorage().setItem(TIER_KEY, JSON.stringify(next));
    } catch {
      // Without storage a crash cannot be told from a first start.
    }
  }

  return {
    get: () => known.tier,
    lowered: () => crashed,
    begin: (gpu) => write({ tier: known.tier, starting: { lock: ownLock, gpu } }),
    settle() {
      if (known.starting !== undefined) write({ tier: known.tier });
    },
    lift: () => write({ tier: 'full' }),
  };
}

function afterCrash({ tier, starting }: StartRecord, heldLocks: readonly string[]): StartRecord {
  if (starting === undefined) return { tier };
  if (heldLocks.includes(starting.lock)) return { tier, starting };
  return { tier: starting.gpu && tier === 'full' ? 'no-gpu' : 'smallest' };
}

function read(openStorage: () => KeyValueStorage): StartRecord {
  try {
    return record.parse(JSON.parse(openStorage().getItem(TIER_KEY) ?? '{}'));
  } catch {
    return { tier: 'full' };
  }
}
