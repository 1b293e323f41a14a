import { orAborted } from '../../core/abortable.ts';
import type { Stage } from '../../core/stages/stage.ts';
import { describeEngine, type EngineConfig } from '../engine-config.ts';
import { createLoadable } from '../loadable.ts';
import { openModel, type ModelOpener } from '../transformers-env.ts';
import { createTurnstile } from '../turnstile.ts';

/** A model that gives one probability, 0…1, for what it is shown. */
export interface ScoringModel<Input> {
  score(input: Input): Promise<number>;
}

export interface Scorer<Input> {
  lifeCycle: Stage;
  /**
   * One at a time. An aborted one is left at once, and the next waits until the model is free.
   * @throws AppError `engine.failed`, also before `load` is done, and `aborted`.
   */
  score(input: Input, signal: AbortSignal): Promise<number>;
}

/** The life of a model of one graph, which answers at once. */
export function createScorer<Input>(
  config: EngineConfig,
  open: (opener: ModelOpener) => Promise<ScoringModel<Input>>,
): Scorer<Input> {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openModel(config, onProgress, signal, open),
  );

  async function run(input: Input): Promise<number> {
    const { model, failure } = loadable.get();
    try {
      return await model.score(input);
    } catch (error) {
      throw failure(error);
    }
  }

  return {
    lifeCycle: {
      describe: async () => describeEngine(config),
      load: loadable.load,
      dispose: () => turnstile.clear(loadable.dispose),
    },
    score(input, signal) {
      const running = turnstile.run(signal, () => run(input));
      return orAborted(running, signal);
    },
  };
}
