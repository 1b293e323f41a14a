import { parseSettings, SETTINGS_VERSION, type Settings } from '../../core/settings/settings.ts';
import type { Observable } from './conversation.ts';

export const SETTINGS_KEY = 'parley.settings';
/** Where settings written by another version, or unreadable ones, are kept untouched. */
export const SETTINGS_BACKUP_KEY = 'parley.settings.backup';

export interface SettingsStore extends Observable<Settings> {
  /** Applies the patch at once and stores it; a value outside its schema falls back to its default. */
  set(patch: Partial<Settings>): void;
}

type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Settings as JSON in `localStorage`. Never throws: without storage (private mode, quota) they last as long as the page.
 *
 * @param openStorage reading `window.localStorage` itself throws where storage is forbidden, hence a function.
 */
export function createSettingsStore(openStorage: () => KeyValueStorage): SettingsStore {
  const storage = attempt(openStorage);
  const listeners = new Set<() => void>();
  let settings = load(storage);

  return {
    get: () => settings,
    set(patch) {
      settings = parseSettings({ ...settings, ...patch }).settings;
      attempt(() => storage?.setItem(SETTINGS_KEY, JSON.stringify(settings)));
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function load(storage: KeyValueStorage | undefined): Settings {
  const text = attempt(() => storage?.getItem(SETTINGS_KEY)) ?? undefined;
  if (text === undefined) return parseSettings({}).settings;
  const stored = attempt((): unknown => JSON.parse(text));
  const { settings, rejected } = parseSettings(stored);
  if (rejected.length > 0 || isOtherVersion(stored)) {
    attempt(() => storage?.setItem(SETTINGS_BACKUP_KEY, text));
  }
  return settings;
}

function isOtherVersion(stored: unknown): boolean {
  if (typeof stored !== 'object' || stored === null || !('version' in stored)) return false;
  return stored.version !== SETTINGS_VERSION;
}

function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
