import type { AppError } from '../../core/errors.ts';
import { toAppError } from '../../core/errors.ts';
import type { LoadProgress, Stage, StageInfo } from '../../core/stages/stage.ts';
import type { ModelsStatus, StageName, StageStatus } from '../state/conversation.ts';
import { stageNames } from '../state/conversation.ts';

/** A stage with what is known of it before it is loaded. */
export interface LoadableStage {
  stage: Stage;
  info: StageInfo;
  /** All that loading fetches. */
  totalBytes: number;
}

/** Loads the stages of a conversation and keeps the page informed. */
export interface ModelLoader {
  status(): ModelsStatus;
  subscribe(listener: () => void): () => void;
  /** Names the stage that serves from now on; it waits to be loaded. */
  set(name: StageName, loadable: LoadableStage): void;
  /** Loads whatever is not ready; loads under way are shared. @throws AppError of the first stage that fails. */
  load(): Promise<void>;
  /** The stage's thread died: it is loaded again, and marked failed where that fails too. */
  reload(name: StageName): void;
}

export function createModelLoader(onError: (error: AppError) => void): ModelLoader {
  const stages = new Map<StageName, LoadableStage>();
  const loading = new Map<StageName, Promise<void>>();
  const listeners = new Set<() => void>();
  let status: ModelsStatus = {
    stages: stageNames.map((stage) => ({ stage, state: 'waiting', loadedBytes: 0, totalBytes: 0 })),
    ready: false,
  };

  function change(name: StageName, changed: Partial<StageStatus>): void {
    const next = status.stages.map((each) => (each.stage === name ? { ...each, ...changed } : each));
    status = { stages: next, ready: next.every(({ state }) => state === 'ready') };
    for (const listener of listeners) listener();
  }

  function find(name: StageName): StageStatus | undefined {
    return status.stages.find(({ stage }) => stage === name);
  }

  async function loadStage(name: StageName, { stage, totalBytes }: LoadableStage): Promise<void> {
    // `error` and `file` of an earlier attempt must not stay.
    change(name, { state: 'loading', loadedBytes: 0 });
    const onProgress = ({ file, loadedBytes }: LoadProgress): void => {
      if (stages.get(name)?.stage === stage)
        change(name, { file, loadedBytes: Math.min(loadedBytes, totalBytes) });
    };
    try {
      await stage.load(onProgress, new AbortController().signal);
      const info = await stage.describe();
      if (stages.get(name)?.stage === stage) change(name, { state: 'ready', info });
    } catch (error) {
      const failure = toAppError(error);
      if (stages.get(name)?.stage === stage) change(name, { state: 'failed', error: failure.message });
      throw failure;
    } finally {
      loading.delete(name);
    }
  }

  function loadOne(name: StageName): Promise<void> {
    const loadable = stages.get(name);
    if (loadable === undefined || find(name)?.state === 'ready') return Promise.resolve();
    const running = loading.get(name) ?? loadStage(name, loadable);
    loading.set(name, running);
    return running;
  }

  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(name, loadable) {
      stages.set(name, loadable);
      loading.delete(name);
      const { info, totalBytes } = loadable;
      change(name, { state: 'waiting', info, totalBytes, loadedBytes: 0 });
    },
    async load() {
      const results = await Promise.allSettled(stageNames.map(loadOne));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw toAppError(failed.reason);
    },
    reload(name) {
      change(name, { state: 'waiting' });
      loadOne(name).catch((error: unknown) => onError(toAppError(error)));
    },
  };
}
