import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSettingsStore } from '../../src/state/settings-store.ts';
import { createPlacement } from '../../src/placement/placement.ts';
import { createSpeedStore, SPEEDS_KEY } from '../../src/placement/speed-store.ts';
import { followStore } from '../../src/placement/stored-models.ts';
import type { ServerLink, ServerView } from '../../src/state/server.ts';
import type { DownloadStatus } from '../../src/state/model-store.ts';
import { createTierStore, TIER_KEY } from '../../src/placement/tier-store.ts';
import type { TierStoreDeps } from '../../src/placement/tier-store.ts';
import { pulledCatalogue } from '../support/pulled-catalogue.ts';

function memoryStorage(entries: Record<string, string> = {}) {
  const values = new Map(Object.entries(entries));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

const forbidden = (): never => {
  throw new DOMException('denied', 'SecurityError');
};

function start(storage: TierStoreDeps['openStorage'], more: Partial<TierStoreDeps> = {}) {
  return createTierStore({ openStorage: storage, ownLock: 'this page', ...more });
}

describe('[PLACE-8] a start that ended without a word', () => {
  it('lowers the next one: without the graphics chip, then to the smallest models', () => {
    const storage = memoryStorage();
    const open = () => storage;
    start(open).begin(true);
    const second = start(open);
    expect([second.get(), second.lowered()]).toEqual(['no-gpu', true]);
    second.begin(false);
    const third = start(open);
    expect([third.get(), third.lowered()]).toEqual(['smallest', true]);
    third.begin(false);
    third.settle();
    const fourth = start(open);
    expect([fourth.get(), fourth.lowered()]).toEqual(['smallest', false]);
    fourth.lift();
    expect(start(open).get()).toBe('full');
  });

  it('goes to the smallest models at once where no graphics chip was used', () => {
    const storage = memoryStorage();
    start(() => storage).begin(false);
    expect(start(() => storage).get()).toBe('smallest');
  });

  it('is none where all went well, or where the page still lives in another tab', () => {
    const storage = memoryStorage();
    const open = () => storage;
    const first = start(open);
    first.begin(true);
    const other = start(open, { heldLocks: ['this page'], ownLock: 'other page' });
    expect([other.get(), other.lowered()]).toEqual(['full', false]);
    first.settle();
    expect(start(open).lowered()).toBe(false);
  });

  it.each([['{"tier":"sideways"}'], ['[]'], ['no json'], ['{"starting":7}']])(
    'is none where storage holds %s',
    (garbage) => {
      const store = start(() => memoryStorage({ [TIER_KEY]: garbage }));
      expect([store.get(), store.lowered()]).toEqual(['full', false]);
    },
  );

  it('is not noticed, and nothing is thrown, where storage is forbidden', () => {
    const store = start(forbidden);
    store.begin(true);
    store.settle();
    expect(store.get()).toBe('full');
  });
});

describe('[PLACE-10] measured speeds', () => {
  it('are kept, and garbage counts as never measured', () => {
    const storage = memoryStorage();
    createSpeedStore(() => storage).set('a wasm', { delayMs: 120 });
    expect(createSpeedStore(() => storage).get()).toEqual({ 'a wasm': { delayMs: 120 } });
    for (const garbage of ['{"a":{"delayMs":-1}}', '7', 'no json'])
      expect(createSpeedStore(() => memoryStorage({ [SPEEDS_KEY]: garbage })).get()).toEqual({});
  });

  it('last as long as the page where storage is forbidden', () => {
    const store = createSpeedStore(forbidden);
    store.set('a wasm', { delayMs: 120 });
    expect(store.get()).toEqual({ 'a wasm': { delayMs: 120 } });
  });
});

afterEach(() => vi.unstubAllGlobals());

const MOONSHINE = 'onnx-community/moonshine-base-ONNX wasm q8';

/** A store whose downloads have these states. */
function scriptedStore(states: Record<string, DownloadStatus['state']>) {
  const listeners = new Set<() => void>();
  const refresh = vi.fn(async () => {});
  const status = (id: string) => ({ state: states[id] ?? 'absent' }) as DownloadStatus;
  const store: Parameters<typeof followStore>[0] = {
    get: () => ({
      offers: [],
      downloads: new Map(Object.keys(states).map((id) => [id, status(id)])),
    }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ready: Promise.resolve(),
    refresh,
  };
  const set = (id: string, state: DownloadStatus['state']): void => {
    states[id] = state;
    for (const listener of listeners) listener();
  };
  return { store, set, refresh };
}

describe('[PLACE-4] what this device keeps', () => {
  it('is looked at before the first load, where anything was ever kept', async () => {
    const empty = scriptedStore({ a: 'absent' });
    await followStore(empty.store).known;
    expect(empty.refresh).not.toHaveBeenCalled();
    const full = scriptedStore({ a: 'lost' });
    await followStore(full.store).known;
    expect(full.refresh).toHaveBeenCalledOnce();
  });

  it('changes the plan when a model has come or gone, not while it is on its way', () => {
    const { store, set } = scriptedStore({ a: 'absent' });
    const models = followStore(store);
    const changed = vi.fn();
    models.subscribe(changed);
    set('a', 'downloading');
    expect([models.has('a'), changed.mock.calls.length]).toEqual([false, 0]);
    set('a', 'stored');
    expect([models.has('a'), changed.mock.calls.length]).toEqual([true, 1]);
    set('a', 'lost');
    expect([models.has('a'), changed.mock.calls.length]).toEqual([false, 2]);
  });
});

async function setUp(server: Promise<ServerLink | undefined> = Promise.resolve(undefined)) {
  vi.stubGlobal('navigator', { hardwareConcurrency: 4, userAgent: 'test', maxTouchPoints: 0 });
  const storage = memoryStorage();
  const settings = createSettingsStore(() => storage);
  const tier = start(() => storage);
  const kept = scriptedStore({});
  const placement = createPlacement({
    catalog: pulledCatalogue,
    settings,
    tier,
    speeds: createSpeedStore(() => storage),
    canRun: () => true,
    stored: followStore(kept.store),
    server,
  });
  await placement.prepare();
  const changes = vi.fn();
  placement.subscribe(changes);
  const first = () => placement.get().plan.stt.chain[0]?.key;
  return { placement, settings, tier, kept, changes, first };
}

describe('[CHAIN-3] planning again', () => {
  it('when a model has become much slower than it was', async () => {
    const { placement, kept, changes, first } = await setUp();
    expect(first()).toBe(MOONSHINE);
    placement.measured(MOONSHINE, { delayMs: 200 });
    kept.set('some other model', 'stored');
    expect(changes).toHaveBeenCalledOnce();
    placement.learn({ turn: 1, pauseMs: 0, transcriptMs: 220 }, { stt: MOONSHINE });
    expect(changes).toHaveBeenCalledOnce();
    placement.learn({ turn: 2, pauseMs: 0, transcriptMs: 9_000 }, { stt: MOONSHINE });
    expect(changes).toHaveBeenCalledTimes(2);
    expect(first()).not.toBe(MOONSHINE);
  });

  it('when the person wants it otherwise, and then what failed may be tried again', async () => {
    const { placement, settings, changes, first } = await setUp();
    const before = placement.get().wish;
    settings.set({ where: 'smallest' });
    expect(changes).toHaveBeenCalledOnce();
    expect([first(), placement.get().wish]).toEqual(['starter/recogniser wasm q8', before + 1]);
    settings.set({ shortcuts: false });
    expect(changes).toHaveBeenCalledOnce();
  });

  it('from the beginning, forgetting crashes and measurements', async () => {
    const { placement, tier, first } = await setUp();
    tier.begin(false);
    placement.measured(MOONSHINE, { delayMs: 9_000 });
    placement.startOver();
    expect([first(), placement.speedOf(MOONSHINE), tier.get()]).toEqual([MOONSHINE, undefined, 'full']);
  });
});

/** A server that shows what it is told to; nothing runs on it. */
function scriptedServer(first: ServerView) {
  const listeners = new Set<() => void>();
  let view = first;
  const known = Promise.withResolvers<void>();
  const failed = vi.fn();
  const link: ServerLink = {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    known: known.promise,
    stages: {} as ServerLink['stages'],
    failed,
    lookAgain: vi.fn(),
  };
  const show = (next: ServerView): void => {
    view = next;
    for (const listener of listeners) listener();
  };
  return { link, show, failed, answer: known.resolve };
}

const far: ServerView = {
  state: 'found',
  roundTripMs: 4,
  offers: [{ stage: 'stt', id: 'far/ear', name: 'Far', delayMs: 40 }],
};

describe('[PLACE-12] a server', () => {
  it('is shown whatever it said before anybody listened, and is a choice', async () => {
    const { link, show } = scriptedServer({ state: 'wants-key', offers: [] });
    const { placement, settings, first } = await setUp(Promise.resolve(link));
    expect(placement.get().server?.state).toBe('wants-key');
    show(far);
    expect(first()).toBe(MOONSHINE);
    settings.set({ choices: { stt: { model: 'far/ear', place: 'server' } } });
    expect(first()).toBe('far/ear server');
    show({ state: 'unreachable', offers: [] });
    expect(first()).toBe(MOONSHINE);
    expect(() => placement.onServer()).not.toThrow();
  });

  it('is waited for by a conversation that may need it, and by no other', async () => {
    const { link, answer } = scriptedServer({ state: 'looking', offers: [] });
    const { placement, settings } = await setUp(Promise.resolve(link));
    await placement.prepare();
    settings.set({ where: 'fastest' });
    let ready = false;
    const preparing = placement.prepare().then(() => (ready = true));
    await Promise.resolve();
    expect(ready).toBe(false);
    answer();
    await preparing;
  });

  it('is told that a stage on it failed; without one nothing can be started there', async () => {
    const { link, failed } = scriptedServer(far);
    const withServer = await setUp(Promise.resolve(link));
    withServer.placement.serverFailed('server.busy');
    expect(failed).toHaveBeenCalledWith('server.busy');
    const without = await setUp();
    without.placement.serverFailed('server.busy');
    expect(() => without.placement.onServer()).toThrow('does not come from a server');
  });
});
