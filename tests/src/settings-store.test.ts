import { describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../core/settings/settings.ts';
import { createSettingsStore, SETTINGS_BACKUP_KEY, SETTINGS_KEY } from '../../src/state/settings-store.ts';

function memoryStorage(stored?: string) {
  const values = new Map<string, string>();
  if (stored !== undefined) values.set(SETTINGS_KEY, stored);
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

describe('settings store', () => {
  it('begins with the defaults and writes nothing until something is chosen', () => {
    const storage = memoryStorage();
    const store = createSettingsStore(() => storage);
    expect(store.get()).toEqual(defaultSettings);
    expect(storage.values.size).toBe(0);
  });

  it('keeps a choice for the next visit and tells its listeners', () => {
    const storage = memoryStorage();
    const store = createSettingsStore(() => storage);
    const listener = vi.fn<() => void>();
    const unsubscribe = store.subscribe(listener);
    store.set({ talkMode: 'hold', voice: { id: 'de', speed: 1.25 } });
    expect(listener).toHaveBeenCalledTimes(1);
    unsubscribe();
    store.set({ captionsOnly: true });
    expect(listener).toHaveBeenCalledTimes(1);
    const again = createSettingsStore(() => storage).get();
    expect(again).toEqual({
      ...defaultSettings,
      talkMode: 'hold',
      voice: { id: 'de', speed: 1.25 },
      captionsOnly: true,
    });
  });

  it('answers the same object until something changes', () => {
    const store = createSettingsStore(() => memoryStorage());
    expect(store.get()).toBe(store.get());
  });

  it.each(['', '{', 'null', '[]', '"text"', '42', '\u0000', '{"listening":'])(
    'starts from the defaults when storage holds %j and keeps what was there',
    (garbage) => {
      const storage = memoryStorage(garbage);
      const store = createSettingsStore(() => storage);
      expect(store.get()).toEqual(defaultSettings);
      expect(storage.values.get(SETTINGS_BACKUP_KEY)).toBe(garbage);
    },
  );

  it('takes what it understands of settings from the future and keeps the original untouched', () => {
    const future = JSON.stringify({ version: 9, language: 'fr', where: 'on the moon', hologram: true });
    const storage = memoryStorage(future);
    const store = createSettingsStore(() => storage);
    expect(store.get()).toEqual({ ...defaultSettings, language: 'fr' });
    store.set({ shortcuts: false });
    expect(storage.values.get(SETTINGS_BACKUP_KEY)).toBe(future);
    expect(createSettingsStore(() => storage).get()).toEqual({
      ...defaultSettings,
      language: 'fr',
      shortcuts: false,
    });
  });

  it('never takes over a value that does not fit', () => {
    const store = createSettingsStore(() => memoryStorage());
    store.set({ listening: { ...defaultSettings.listening, threshold: Number.NaN } });
    expect(store.get().listening).toEqual(defaultSettings.listening);
  });

  it('works for as long as the page lives when storage is forbidden', () => {
    const store = createSettingsStore(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    store.set({ where: 'fastest' });
    expect(store.get().where).toBe('fastest');
  });

  it('works when the quota is used up', () => {
    const store = createSettingsStore(() => ({
      getItem: () => '{broken',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    }));
    store.set({ where: 'smallest' });
    expect(store.get().where).toBe('smallest');
  });
});
