import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { createResidency, OutOfMemoryError } from '../../server/engines/residency.ts';
import type { Residency, Resident } from '../../server/engines/residency.ts';
import { never } from '../support/stage-contract.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

/** The models of a card of 48 GB, with what they take of it. */
const mistral = { name: 'mistral', sizeMb: 14_300 };
const higgs = { name: 'higgs', sizeMb: 24_000 };
const voxtral = { name: 'voxtral', sizeMb: 9500 };
const LOAD_MS = 1000;
const WAIT_MS = 30_000;

interface Card {
  clock: VirtualClock;
  residency: Residency;
  /** What happened on the card, in its order. */
  log: string[];
  /** The next loads of a model fail with these. */
  failures: Map<string, AppError[]>;
  /** Names of what is there. */
  resident(): string[];
}

function createCard(budgetMb: number, models: readonly Pick<Resident, 'name' | 'sizeMb'>[]): Card {
  const clock = createVirtualClock();
  const log: string[] = [];
  const failures = new Map<string, AppError[]>();
  const pass = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const residents = models.map((model): Resident => {
    return {
      ...model,
      async load() {
        log.push(`load ${model.name}`);
        await pass(LOAD_MS);
        const failure = failures.get(model.name)?.shift();
        if (failure !== undefined) throw failure;
      },
      async unload() {
        log.push(`unload ${model.name}`);
        await pass(100);
      },
    };
  });
  const residency = createResidency(residents, { budgetMb, waitMs: WAIT_MS, clock });
  const resident = (): string[] =>
    residency
      .status()
      .models.filter(({ state }) => state === 'resident')
      .map(({ name }) => name);
  return { clock, residency, log, failures, resident };
}

/** The outcome of a promise, once there is one. */
function outcomeOf<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const outcome: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => void (outcome.value = value),
    (error: unknown) => void (outcome.error = error),
  );
  return outcome;
}

/** Uses a model and is done with it. */
async function useOnce({ residency, clock }: Card, name: string): Promise<void> {
  const used = outcomeOf(residency.use(name, never));
  await clock.advance(3 * LOAD_MS);
  used.value?.();
  if (used.error !== undefined) throw used.error;
}

describe('a card of 48 GB', () => {
  it('[GPU-2] loads nothing before it is needed, then one after another, the largest first', async () => {
    const card = createCard(48_000, [voxtral, mistral, higgs]);
    expect(card.residency.status()).toMatchObject({ residentMb: 0, loads: 0 });
    const uses = ['voxtral', 'mistral', 'higgs'].map((name) => outcomeOf(card.residency.use(name, never)));
    await card.clock.advance(0);
    expect(card.residency.status().models.filter(({ state }) => state === 'loading')).toHaveLength(1);
    await card.clock.advance(3 * LOAD_MS);
    expect(uses.every(({ value }) => value !== undefined)).toBe(true);
    // The first had begun before the others asked.
    expect(card.log).toEqual(['load voxtral', 'load higgs', 'load mistral']);
    expect(card.residency.status()).toMatchObject({ residentMb: 47_800, loads: 3, swaps: 0, failures: 0 });
  });

  it('[GPU-2] loads a model once for all who ask for it', async () => {
    const card = createCard(48_000, [mistral]);
    const uses = [1, 2, 3].map(() => outcomeOf(card.residency.use('mistral', never)));
    await card.clock.advance(LOAD_MS);
    expect(uses.map(({ value }) => typeof value)).toEqual(['function', 'function', 'function']);
    expect(card.log).toEqual(['load mistral']);
    expect(card.residency.status().models[0]).toMatchObject({ state: 'resident', users: 3 });
  });
});

describe('a card of 24 GB', () => {
  const models = [mistral, higgs, voxtral];

  it('[GPU-3] swaps models that cannot live together', async () => {
    const card = createCard(24_000, models);
    for (const name of ['mistral', 'higgs', 'mistral']) await useOnce(card, name);
    expect(card.log).toEqual([
      'load mistral',
      'unload mistral',
      'load higgs',
      'unload higgs',
      'load mistral',
    ]);
    expect(card.residency.status()).toMatchObject({ residentMb: 14_300, loads: 3, swaps: 2 });
  });

  it('[GPU-3] never takes a model away that is in use, and lets in nobody else who would keep it', async () => {
    const card = createCard(24_000, models);
    const writing = outcomeOf(card.residency.use('mistral', never));
    await card.clock.advance(LOAD_MS);
    const speaking = outcomeOf(card.residency.use('higgs', never));
    await card.clock.advance(10_000);
    expect([card.resident(), speaking.value]).toEqual([['mistral'], undefined]);
    const late = outcomeOf(card.residency.use('mistral', never));
    await card.clock.advance(0);
    expect(late.value).toBeUndefined();
    writing.value?.();
    await card.clock.advance(2 * LOAD_MS);
    expect([card.resident(), typeof speaking.value]).toEqual([['higgs'], 'function']);
    speaking.value?.();
    await card.clock.advance(2 * LOAD_MS);
    expect([card.resident(), typeof late.value]).toEqual([['mistral'], 'function']);
  });

  it('[GPU-3] refuses as busy who has waited too long, and serves the next', async () => {
    const card = createCard(24_000, models);
    const writing = outcomeOf(card.residency.use('mistral', never));
    await card.clock.advance(LOAD_MS);
    const speaking = outcomeOf(card.residency.use('higgs', never));
    await card.clock.advance(WAIT_MS);
    expect(speaking.error).toMatchObject({ code: 'server.busy', retryable: true });
    const more = outcomeOf(card.residency.use('mistral', never));
    await card.clock.settle();
    expect(typeof more.value).toBe('function');
    writing.value?.();
    expect(card.log).toEqual(['load mistral']);
  });

  it('[GPU-3] takes nothing away for what is only made ready', async () => {
    const card = createCard(24_000, models);
    const ready = ['mistral', 'higgs', 'voxtral'].map((name) => outcomeOf(card.residency.warm(name, never)));
    await card.clock.advance(5 * LOAD_MS);
    expect(ready.every(({ error }) => error === undefined)).toBe(true);
    expect(card.log).toEqual(['load mistral', 'load voxtral']);
    expect(card.residency.status().models.every(({ users }) => users === 0)).toBe(true);
  });

  it('[GPU-3] forgets who gives up while waiting', async () => {
    const card = createCard(24_000, models);
    const writing = outcomeOf(card.residency.use('mistral', never));
    await card.clock.advance(LOAD_MS);
    const controller = new AbortController();
    const speaking = outcomeOf(card.residency.use('higgs', controller.signal));
    await card.clock.settle();
    controller.abort();
    await card.clock.settle();
    writing.value?.();
    await card.clock.advance(LOAD_MS);
    expect(speaking.error).toMatchObject({ code: 'aborted' });
    expect(card.resident()).toEqual(['mistral']);
  });

  it('[GPU-3] takes away what was used longest ago, and no more than it must', async () => {
    const card = createCard(24_000, [
      mistral,
      voxtral,
      { name: 'small', sizeMb: 200 },
      { name: 'other', sizeMb: 9000 },
    ]);
    for (const name of ['small', 'voxtral', 'mistral', 'other']) await useOnce(card, name);
    // Voxtral alone makes room enough, though the small one is older.
    expect(card.resident()).toEqual(['mistral', 'small', 'other']);
    expect(card.log.filter((line) => line.startsWith('unload'))).toEqual(['unload voxtral']);
    await useOnce(card, 'mistral');
    await useOnce(card, 'voxtral');
    expect(card.resident()).toEqual(['mistral', 'voxtral', 'small']);
  });

  it('[GPU-3] lets as many stay as there is room for, and no more', async () => {
    const small = ['a', 'b'].map((name) => ({ name, sizeMb: 3000 }));
    const card = createCard(12_000, [...small, { name: 'c', sizeMb: 5000 }, { name: 'd', sizeMb: 9000 }]);
    for (const name of ['a', 'b', 'c', 'd']) await useOnce(card, name);
    expect(card.resident()).toEqual(['b', 'd']);
    expect(card.residency.status().residentMb).toBe(12_000);
  });

  it('[GPU-4] makes the card free and tries once more where memory runs out all the same', async () => {
    const card = createCard(24_000, [mistral, voxtral]);
    await useOnce(card, 'voxtral');
    card.failures.set('mistral', [new OutOfMemoryError('mistral')]);
    const used = outcomeOf(card.residency.use('mistral', never));
    await card.clock.advance(5 * LOAD_MS);
    expect(typeof used.value).toBe('function');
    expect(card.log).toEqual(['load voxtral', 'load mistral', 'unload voxtral', 'load mistral']);
    expect(card.residency.status()).toMatchObject({ loads: 2, swaps: 1, failures: 1, residentMb: 14_300 });
  });

  it('[GPU-4] gives up after the second time, and the next model is served', async () => {
    const card = createCard(24_000, [mistral, voxtral]);
    await useOnce(card, 'voxtral');
    card.failures.set('mistral', [new OutOfMemoryError('mistral'), new OutOfMemoryError('mistral')]);
    await expect(useOnce(card, 'mistral')).rejects.toMatchObject({ code: 'gpu.unavailable' });
    expect(card.log.filter((line) => line === 'load mistral')).toHaveLength(2);
    await useOnce(card, 'voxtral');
    expect(card.resident()).toEqual(['voxtral']);
  });

  it('[GPU-4] does not try again what failed for another reason', async () => {
    const card = createCard(24_000, [mistral, voxtral]);
    await useOnce(card, 'voxtral');
    card.failures.set('mistral', [new AppError('engine.failed', 'It cannot start.')]);
    await expect(useOnce(card, 'mistral')).rejects.toThrow('It cannot start.');
    expect(card.resident()).toEqual(['voxtral']);
  });

  it('[GPU-4] loads a model again that ended by itself', async () => {
    const card = createCard(24_000, [mistral]);
    await useOnce(card, 'mistral');
    card.residency.lost('mistral');
    expect(card.residency.status().residentMb).toBe(0);
    await useOnce(card, 'mistral');
    expect(card.log).toEqual(['load mistral', 'load mistral']);
  });

  it('[GPU-4] refuses in words what is larger than the card, without a try', async () => {
    const card = createCard(16_000, [higgs]);
    await expect(useOnce(card, 'higgs')).rejects.toThrow('The graphics card has no room for higgs');
    expect(card.log).toEqual([]);
  });
});

it('[GPU-3] whatever is asked for and when, no model leaves in use, the budget holds, and everybody is answered', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    let state = seed;
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const models = Array.from({ length: 4 }, (_, n) => ({ name: `m${n}`, sizeMb: 1000 + random(9000) }));
    const card = createCard(12_000, models);
    const uses: { outcome: ReturnType<typeof outcomeOf<() => void>>; name: string }[] = [];
    for (let step = 0; step < 60; step++) {
      const name = `m${random(4)}`;
      uses.push({ outcome: outcomeOf(card.residency.use(name, never)), name });
      await card.clock.advance(random(1500));
      uses[random(uses.length)]?.outcome.value?.();
      const { residentMb, models: now } = card.residency.status();
      expect(residentMb).toBeLessThanOrEqual(12_000);
      expect(now.filter(({ state: is, users }) => is !== 'resident' && users > 0)).toEqual([]);
    }
    for (let round = 0; round < 200; round++) {
      for (const { outcome } of uses) outcome.value?.();
      await card.clock.advance(LOAD_MS);
    }
    expect(uses.filter(({ outcome }) => outcome.value === undefined && outcome.error === undefined)).toEqual(
      [],
    );
  }
});
