import { toAppError } from '../../core/errors.ts';
import type { ModelStore, ModelStoreView } from '../state/model-store.ts';

const nothing: ModelStoreView = { offers: [], downloads: new Map() };

/** A store whose code comes after the page stands. Until then nothing is known of what is kept. */
export interface LazyStore extends ModelStore {
  /** Resolves when the store is there, or is known not to come. */
  ready: Promise<void>;
}

export function createLazyStore(load: () => Promise<ModelStore>): LazyStore {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let view = nothing;
  let store: ModelStore | undefined;

  const loading = load();
  const ready = loading.then(
    (loaded) => {
      store = loaded;
      loaded.subscribe(tell);
      tell();
    },
    (error: unknown) => {
      view = { ...nothing, unavailable: `Downloads are not to be had: ${toAppError(error).message}` };
      tell();
    },
  );

  return {
    ready,
    get: () => store?.get() ?? view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async refresh() {
      await ready;
      await store?.refresh();
    },
    ensure: async (id, signal) => (await loading).ensure(id, signal),
    pause: (id) => store?.pause(id),
    remove: async (id) => (await loading).remove(id),
  };
}
