import type { LazyStore } from '../models/lazy-store.ts';

/** Which models this device keeps, as far as a plan wants to know. */
export interface StoredModels {
  /** @param key of a candidate, which is also the id of its download */
  has(key: string): boolean;
  /** Resolves when what is here has been looked at, where anything was ever kept. */
  known: Promise<void>;
  /** Calls back when a model has come or gone. */
  subscribe(listener: () => void): void;
}

export function followStore(store: Pick<LazyStore, 'get' | 'ready' | 'refresh' | 'subscribe'>): StoredModels {
  function stored(): string {
    const ids = [...store.get().downloads].flatMap(([id, { state }]) => (state === 'stored' ? [id] : []));
    return ids.join('\n');
  }

  async function look(): Promise<void> {
    await store.ready;
    // Before anybody looked, what was kept once counts as lost.
    const keptOnce = [...store.get().downloads.values()].some(({ state }) => state === 'lost');
    if (keptOnce) await store.refresh();
  }

  return {
    has: (key) => store.get().downloads.get(key)?.state === 'stored',
    known: look(),
    subscribe(listener) {
      let before = stored();
      store.subscribe(() => {
        const now = stored();
        if (now === before) return;
        before = now;
        listener();
      });
    },
  };
}
