import type { Configurable } from '../boundary/worker-bridge.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Stage } from '../core/stages/stage.ts';

export interface HostedStage<S extends Stage, Config> {
  /** The methods that every worker exposes. */
  lifeCycle: Stage & Configurable<Config>;
  /**
   * A stream of the stage, which is loaded first: after a crash a fresh worker serves the first call without being told
   * to load. When the engine itself breaks, the worker ends once the error is out: the page then starts another.
   */
  stream<T>(signal: AbortSignal, work: (stage: S) => AsyncIterable<T>): AsyncGenerator<T, void, void>;
  /** The same for work with one result. */
  run<T>(signal: AbortSignal, work: (stage: S) => Promise<T>): Promise<T>;
}

/** After these an engine does not come to itself again. */
const broken: readonly ErrorCode[] = ['engine.failed', 'gpu.lost'];

/**
 * Holds the one stage of a worker, which is made when its configuration comes.
 * @param end ends the worker
 */
export function hosted<S extends Stage, Config>(
  create: (config: Config) => S,
  end: () => void = () => self.close(),
): HostedStage<S, Config> {
  let stage: S | undefined;

  function configured(): S {
    if (!stage) throw new AppError('engine.failed', 'The worker was used before it was configured.');
    return stage;
  }

  async function loaded(signal: AbortSignal): Promise<S> {
    const current = configured();
    await current.load(() => {}, signal);
    return current;
  }

  function endIfBroken(error: unknown, signal: AbortSignal): unknown {
    // The error is posted before the next task.
    if (!signal.aborted && broken.includes(toAppError(error).code)) setTimeout(end);
    return error;
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
    async *stream(signal, work) {
      try {
        yield* work(await loaded(signal));
      } catch (error) {
        throw endIfBroken(error, signal);
      }
    },
    async run(signal, work) {
      try {
        return await work(await loaded(signal));
      } catch (error) {
        throw endIfBroken(error, signal);
      }
    },
  };
}
