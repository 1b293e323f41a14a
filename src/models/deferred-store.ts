import type { ModelStore, ModelStoreView } from '../state/model-store.ts';

const nothingKnown: ModelStoreView = { offers: [], downloads: new Map() };

/**
 * The store of models, whose code is fetched when it is first asked for anything: nobody needs it to see the page.
 * @param load makes the store; called again after it failed
 */
export function deferStore(load: () => Promise<ModelStore>): ModelStore {
  const listeners = new Set<() => void>();
  let store: ModelStore | undefined;
  let opening: Promise<ModelStore> | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  async function start(): Promise<ModelStore> {
    try {
      store = await load();
      store.subscribe(tell);
      tell();
      return store;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  const open = (): Promise<ModelStore> => (opening ??= start());

  return {
    get: () => store?.get() ?? nothingKnown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: async () => (await open()).refresh(),
    ensure: async (id, signal) => (await open()).ensure(id, signal),
    pause: (id) => store?.pause(id),
    remove: async (id) => (await open()).remove(id),
  };
}
