import { createTierStore } from './tier-store.ts';
import type { TierStore } from './tier-store.ts';

/**
 * The tier of this start, by what the last one left behind. The page holds a lock as long as it lives, so that another
 * tab does not take it for a crashed one.
 */
export async function openTierStore(): Promise<TierStore> {
  const ownLock = `parley-page-${performance.timeOrigin}`;
  // Insecure contexts have no locks: two tabs that start at once may then hold back for nothing.
  const locks = navigator.locks as LockManager | undefined;
  const held = await locks?.query().catch(() => undefined);
  void locks?.request(ownLock, () => new Promise(() => {}));
  return createTierStore({
    openStorage: () => localStorage,
    heldLocks: (held?.held ?? []).map(({ name = '' }) => name),
    ownLock,
  });
}
