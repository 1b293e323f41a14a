import { expect, it, vi } from 'vitest';
import { deferStore } from '../../../src/models/deferred-store.ts';
import type { ModelStore, ModelStoreView } from '../../../src/state/model-store.ts';

function scriptedStore() {
  const listeners = new Set<() => void>();
  let view: ModelStoreView = { offers: [], downloads: new Map() };
  const store: ModelStore = {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: vi.fn<() => Promise<void>>(async () => undefined),
    ensure: vi.fn<() => Promise<void>>(async () => undefined),
    pause: vi.fn<() => void>(),
    remove: vi.fn<() => Promise<void>>(async () => undefined),
  };
  return {
    store,
    show(unavailable: string) {
      view = { ...view, unavailable };
      for (const listener of listeners) listener();
    },
  };
}

it('the store is loaded once, by whatever is asked first, and what it shows is passed on', async () => {
  const { store, show } = scriptedStore();
  const load = vi.fn<() => Promise<ModelStore>>(async () => store);
  const deferred = deferStore(load);
  const listener = vi.fn<() => void>();
  deferred.subscribe(listener);
  expect(deferred.get()).toBe(deferred.get());
  expect(load).not.toHaveBeenCalled();
  await Promise.all([deferred.refresh(), deferred.ensure('a')]);
  expect(load).toHaveBeenCalledTimes(1);
  expect(store.ensure).toHaveBeenCalledWith('a', undefined);
  listener.mockClear();
  show('Nothing can be kept.');
  expect(listener).toHaveBeenCalledTimes(1);
  expect(deferred.get()).toBe(store.get());
});

it('a store whose code did not come is fetched again by the next call', async () => {
  const { store } = scriptedStore();
  const load = vi
    .fn<() => Promise<ModelStore>>()
    .mockRejectedValueOnce(new TypeError('no connection'))
    .mockResolvedValue(store);
  const deferred = deferStore(load);
  await expect(deferred.refresh()).rejects.toThrow('no connection');
  await deferred.refresh();
  expect(store.refresh).toHaveBeenCalledTimes(1);
});
