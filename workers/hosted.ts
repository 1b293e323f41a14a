import type { Configurable } from '../boundary/worker-bridge.ts';
import { AppError } from '../core/errors.ts';
import type { Stage } from '../core/stages/stage.ts';

export interface HostedStage<S extends Stage, Config> {
  /** The methods that every worker exposes. */
  lifeCycle: Stage & Configurable<Config>;
  /** The stage, loaded: after a crash a fresh worker serves the first call without being told to load. */
  loaded(signal: AbortSignal): Promise<S>;
}

/** Holds the one stage of a worker, which is made when its configuration comes. */
export function hosted<S extends Stage, Config>(create: (config: Config) => S): HostedStage<S, Config> {
  let stage: S | undefined;

  function configured(): S {
    if (!stage) throw new AppError('engine.failed', 'The worker was used before it was configured.');
    return stage;
  }

  return {
    lifeCycle: {
      configure(config) {
        stage = create(config);
      },
      describe: async () => configured().describe(),
      load: async (onProgress, signal) => configured().load(onProgress, signal),
      dispose: async () => configured().dispose(),
    },
    async loaded(signal) {
      const current = configured();
      await current.load(() => {}, signal);
      return current;
    },
  };
}
