import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import type { BridgeOptions, Configurable, WorkerBridge } from '../../boundary/worker-bridge.ts';
import { startChild } from './child-thread.ts';
import type { ChildThread } from './child-thread.ts';

/** Waits before another start after one, two, … deaths in a row. */
const BACK_OFF_MS = [0, 250, 500, 1000, 2000, 5000] as const;

/** How long the next start waits after this many deaths in a row. */
export function backOffMs(deaths: number): number {
  return BACK_OFF_MS[Math.min(deaths, BACK_OFF_MS.length - 1)]!;
}

/** A process that lived so long was sound: its death is not one more in a row. */
const SOUND_AFTER_MS = 60_000;

export type EngineState = 'idle' | 'running' | 'waiting';

/** What the server tells of an engine. */
export interface EngineStatus {
  name: string;
  /** `idle`: not started yet, or ended. `waiting`: died, and starts again after a while. */
  state: EngineState;
  /** Of the running process. */
  pid: number | undefined;
  /** Deaths since the server started. */
  deaths: number;
}

/** A bridge to an engine in a process of its own that is kept an eye on. */
export interface SupervisedBridge<T> extends WorkerBridge<T> {
  status(): EngineStatus;
}

export interface SupervisorOptions<Config> extends Omit<BridgeOptions<Config>, 'spawn' | 'onDeath'> {
  /** File of server/engines/hosts. */
  host: URL;
  /** How long the process may be deaf before it is ended. Loading and long steps of a model keep it deaf too. */
  hangMs: number;
  /** How often it is asked for a sign of life. */
  probeEveryMs: number;
}

/**
 * Starts the process at the first call, and after its death at the next one, later and later while it dies young. A
 * process that gives no sign of life is killed. Calls in flight fail with `worker.died`.
 */
export function createSupervisedBridge<
  T extends Configurable<Config>,
  Config = Parameters<T['configure']>[0],
>(options: SupervisorOptions<Config>): SupervisedBridge<T> {
  const { host, hangMs, probeEveryMs, ...rest } = options;
  let child: ChildThread | undefined;
  let bornMs = 0;
  let deathsInARow = 0;
  let deaths = 0;
  let watching: NodeJS.Timeout | undefined;

  const bridge = createWorkerBridge<T, Config>({
    ...rest,
    spawn() {
      const delayMs = backOffMs(deathsInARow);
      bornMs = performance.now() + delayMs;
      child = startChild(host, delayMs);
      watch();
      return child;
    },
    onDeath() {
      deaths += 1;
      deathsInARow = performance.now() - bornMs > SOUND_AFTER_MS ? 1 : deathsInARow + 1;
      forget();
    },
  });

  /** One probe at a time: a process that answers late is asked again only then. */
  function watch(): void {
    clearTimeout(watching);
    watching = setTimeout(() => void bridge.probe(hangMs).then(() => child && watch()), probeEveryMs);
    watching.unref();
  }

  function forget(): void {
    clearTimeout(watching);
    child = undefined;
  }

  function state(): EngineState {
    if (child === undefined) return deathsInARow > 0 ? 'waiting' : 'idle';
    return child.pid() === undefined ? 'waiting' : 'running';
  }

  return {
    ...bridge,
    status: () => ({ name: options.name, state: state(), pid: child?.pid(), deaths }),
    terminate() {
      bridge.terminate();
      forget();
    },
  };
}
