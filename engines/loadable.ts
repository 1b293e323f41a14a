import { orAborted } from '../core/abortable.ts';
import { AppError, throwIfAborted } from '../core/errors.ts';
import type { OnProgress } from '../core/stages/stage.ts';

/** The life cycle that model engines share: load once, use, dispose, load again. */
export interface Loadable<T> {
  /** Idempotent; callers that come while it loads share the work. @throws AppError as `open`, or `aborted`. */
  load(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  /** @throws AppError `engine.failed` before `load` is done. */
  get(): T;
  dispose(): Promise<void>;
}

export function createLoadable<T extends { close(): Promise<void> }>(
  name: string,
  open: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): Loadable<T> {
  let opening: Promise<T> | undefined;
  let opened: T | undefined;

  function start(onProgress: OnProgress, signal: AbortSignal): Promise<T> {
    const started = open(onProgress, signal);
    started.then(
      (model) => {
        if (opening === started) opened = model;
      },
      () => {
        if (opening === started) opening = undefined;
      },
    );
    return started;
  }

  return {
    async load(onProgress, signal) {
      for (;;) {
        throwIfAborted(signal);
        try {
          await orAborted((opening ??= start(onProgress, signal)), signal);
          return;
        } catch (error) {
          const othersGaveUp = error instanceof AppError && error.code === 'aborted' && !signal.aborted;
          if (!othersGaveUp) throw error;
        }
      }
    },
    get() {
      if (!opened) throw new AppError('engine.failed', `${name} is not loaded yet; load it first.`);
      return opened;
    },
    async dispose() {
      const pending = opening;
      opening = undefined;
      opened = undefined;
      const model = await pending?.catch(() => undefined);
      await model?.close();
    },
  };
}
