import { AppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Catalog } from '../../core/models/catalog.ts';
import type { DeviceFacts } from '../../core/placement/device-facts.ts';
import { makePlan } from '../../core/placement/make-plan.ts';
import type { PlacedStage, Plan, PlanInput, Tier } from '../../core/placement/plan.ts';
import { hasDrifted, refineSpeed } from '../../core/placement/speed.ts';
import type { Speed } from '../../core/placement/speed.ts';
import { delaysOf } from '../../core/placement/turn-delays.ts';
import type { TurnTrace } from '../../core/turn/trace.ts';
import type { Observable } from '../state/conversation.ts';
import type { ServerLink, ServerStages, ServerView } from '../state/server.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import { knownDevice, readDevice } from './read-device.ts';
import type { SpeedStore } from './speed-store.ts';
import type { StoredModels } from './stored-models.ts';
import type { TierStore } from './tier-store.ts';

export interface PlacementDeps {
  catalog: Catalog;
  settings: SettingsStore;
  speeds: SpeedStore;
  tier: TierStore;
  canRun: PlanInput['canRun'];
  stored: StoredModels;
  /** Resolves with nothing where the page does not come from a server with models of its own. */
  server: Promise<ServerLink | undefined>;
}

/** What is planned, and on what grounds. */
export interface Planned {
  plan: Plan;
  tier: Tier;
  /** Goes up when the person wants it otherwise: what failed before may be tried again. */
  wish: number;
  /** Undefined where there is none. */
  server: ServerView | undefined;
}

/** Plans where every stage runs, and again when something has changed that matters. */
export interface Placement extends Observable<Planned> {
  /** Resolves when the device and what it keeps are known; until then the plan is for one without a graphics chip. */
  prepare(): Promise<void>;
  /** What this model was measured at before; undefined for one that never ran here. */
  speedOf(key: string): Speed | undefined;
  measured(key: string, speed: Speed): void;
  /** Starts stages on the server. @throws AppError `server.unreachable` where there is none */
  onServer(): ServerStages;
  /** A stage on the server failed with this. */
  serverFailed(code: ErrorCode): void;
  /** Learns from a turn how quick the models are that served it. */
  learn(trace: TurnTrace, serving: Readonly<Partial<Record<PlacedStage, string>>>): void;
  /** Forgets crashes, measurements and failures: the person wants to see whether it goes better now. */
  startOver(): void;
}

export function createPlacement(deps: PlacementDeps): Placement {
  const { catalog, settings, speeds, tier, canRun, stored } = deps;
  let server: ServerLink | undefined;
  const listeners = new Set<() => void>();
  /** What each model was measured at when the plan was made. */
  let plannedWith: Readonly<Record<string, Speed>> = {};
  let device: DeviceFacts = knownDevice();
  let wish = 0;
  let planned = think();
  let { where, choices, language } = settings.get();

  function think(): Planned {
    const chosen = settings.get();
    plannedWith = speeds.get();
    const plan = makePlan({
      device,
      models: catalog.models,
      canRun,
      isStored: stored.has,
      offers: server?.get().offers ?? [],
      speeds: plannedWith,
      prefer: chosen.where,
      choices: present(chosen.choices),
      language: chosen.language,
      tier: tier.get(),
    });
    return { plan, tier: tier.get(), wish, server: server?.get() };
  }

  function rethink(): void {
    planned = think();
    for (const listener of listeners) listener();
  }

  const linked = deps.server.then((link) => {
    if (link === undefined) return undefined;
    server = link;
    link.subscribe(rethink);
    rethink();
    return link.known;
  });

  /** Whether a conversation that begins now may be served by the server. */
  function wantsServer(): boolean {
    const { where, choices } = settings.get();
    return where === 'fastest' || Object.values(choices).some((choice) => choice?.place === 'server');
  }

  const prepared = Promise.all([readDevice(), stored.known]).then(([facts]) => {
    device = facts;
    rethink();
  });
  stored.subscribe(rethink);

  settings.subscribe(() => {
    const now = settings.get();
    const same = now.where === where && now.language === language;
    if (same && JSON.stringify(now.choices) === JSON.stringify(choices)) return;
    ({ where, choices, language } = now);
    wish += 1;
    rethink();
  });

  return {
    get: () => planned,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async prepare() {
      await prepared;
      if (wantsServer()) await linked;
    },
    speedOf: (key) => speeds.get()[key],
    measured: (key, speed) => speeds.set(key, speed),
    onServer() {
      if (server === undefined)
        throw new AppError('server.unreachable', 'This page does not come from a server with models.');
      return server.stages;
    },
    serverFailed: (code) => server?.failed(code),
    learn(trace, serving) {
      const drifted = Object.entries(delaysOf(trace)).map(([stage, delayMs]) => {
        const key = serving[stage as PlacedStage];
        if (key === undefined) return false;
        const speed = refineSpeed(speeds.get()[key], delayMs);
        speeds.set(key, speed);
        return hasDrifted(plannedWith[key], speed);
      });
      if (drifted.includes(true)) rethink();
    },
    startOver() {
      tier.lift();
      speeds.clear();
      wish += 1;
      server?.lookAgain();
      rethink();
    },
  };
}

/** The entries that are there; a stored setting may hold undefined. */
function present<Value>(entries: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
