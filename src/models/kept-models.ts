import { z } from 'zod';

/**
 * Which downloads were begun and which were whole once, in `localStorage`. Chromium does not count that
 * among the files it evicts, so what was lost is told from what was never there; where it goes with them, nothing is said.
 */
export interface KeptModels {
  get(): ReadonlyMap<string, 'begun' | 'stored'>;
  set(id: string, state: 'begun' | 'stored'): void;
  remove(id: string): void;
}

export const KEPT_KEY = 'parley.models';
const schema = z.record(z.string(), z.enum(['begun', 'stored']));

type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Never throws: without storage, nothing is remembered.
 * @param openStorage reading `window.localStorage` itself throws where storage is forbidden, hence a function
 */
export function createKeptModels(openStorage: () => KeyValueStorage): KeptModels {
  /** Read anew each time: other tabs write too. */
  function read(): Map<string, 'begun' | 'stored'> {
    try {
      const stored = openStorage().getItem(KEPT_KEY);
      return new Map(Object.entries(schema.parse(JSON.parse(stored ?? '{}'))));
    } catch {
      return new Map();
    }
  }

  function write(states: Map<string, string>): void {
    try {
      openStorage().setItem(KEPT_KEY, JSON.stringify(Object.fromEntries(states)));
    } catch {
      // Forbidden or full: a model that is lost will look like one that was never here.
    }
  }

  return {
    get: read,
    set: (id, state) => write(read().set(id, state)),
    remove(id) {
      const states = read();
      states.delete(id);
      write(states);
    },
  };
}
