import { orAborted } from '../../core/abortable.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { LoadProgress, Stage, StageInfo } from '../../core/stages/stage.ts';
import type { ModelsStatus, StageName, StageStatus } from '../state/conversation.ts';
import { isReady, spareStages, stageNames } from '../state/conversation.ts';

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
  /** Names the stage that serves from now on. It is loaded at once where the one before it was loaded or being loaded. */
  set(name: StageName, loadable: LoadableStage): void;
  /** Another engine serves the stage, or what loading it fetches has become more or less; its state stays. */
  describe(name: StageName, info: StageInfo, totalBytes: number): void;
  /**
   * Loads these stages where they are not ready; loads under way are shared, and one that nobody waits for any more
   * ends. The voice is loaded as well, and what knows the end of a turn where speech is listened to, but nobody waits
   * for them.
   * @throws AppError of the first of these stages that fails, `aborted` when the signal fires.
   */
  load(names: readonly StageName[], signal?: AbortSignal): Promise<void>;
  /** The stage's thread died: it is loaded again, and marked failed where that fails too. */
  reload(name: StageName): void;
}

/** One attempt at loading. */
interface Attempt {
  done: Promise<void>;
  controller: AbortController;
  waiters: number;
}

/** The stage that serves under a name, until another is set. */
interface Entry extends LoadableStage {
  attempt?: Attempt | undefined;
}

/** @param onError hears of failures that nobody waits for */
export function createModelLoader(onError: (name: StageName, error: AppError) => void): ModelLoader {
  const entries = new Map<StageName, Entry>();
  const listeners = new Set<() => void>();
  let status: ModelsStatus = {
    stages: stageNames.map((stage) => ({ stage, state: 'waiting', loadedBytes: 0, totalBytes: 0 })),
    ready: false,
  };

  function stateOf(name: StageName): StageStatus['state'] | undefined {
    return status.stages.find(({ stage }) => stage === name)?.state;
  }

  /** Replaces the whole status of a stage, so that nothing of an earlier attempt stays. */
  function show(
    name: StageName,
    { info, totalBytes }: Entry,
    now: Pick<StageStatus, 'state'> & Partial<StageStatus>,
  ): void {
    const changed: StageStatus = { stage: name, info, totalBytes, loadedBytes: 0, ...now };
    const stages = status.stages.map((each) => (each.stage === name ? changed : each));
    status = { stages, ready: isReady(stages) };
    for (const listener of listeners) listener();
  }

  function begin(name: StageName, entry: Entry): Attempt {
    const controller = new AbortController();
    const isCurrent = (): boolean => entries.get(name) === entry && entry.attempt === attempt;
    const onProgress = ({ file, loadedBytes }: LoadProgress): void => {
      const bytes = Math.min(loadedBytes, entry.totalBytes);
      if (isCurrent()) show(name, entry, { state: 'loading', file, loadedBytes: bytes });
    };
    const run = async (): Promise<void> => {
      try {
        await entry.stage.load(onProgress, controller.signal);
        const info = await entry.stage.describe();
        if (!isCurrent()) return;
        entry.info = info;
        entry.attempt = undefined;
        show(name, entry, { state: 'ready', loadedBytes: entry.totalBytes });
      } catch (error) {
        const failure = toAppError(error);
        if (isCurrent()) {
          entry.attempt = undefined;
          show(name, entry, { state: 'failed', error: failure.message });
        }
        throw failure;
      }
    };
    const attempt: Attempt = { done: Promise.resolve().then(run), controller, waiters: 0 };
    entry.attempt = attempt;
    show(name, entry, { state: 'loading' });
    return attempt;
  }

  /** Nobody waits any more: what comes of the attempt does not matter, and the next one begins anew. */
  function giveUp(name: StageName, entry: Entry, attempt: Attempt): void {
    attempt.controller.abort();
    if (entry.attempt !== attempt) return;
    entry.attempt = undefined;
    if (entries.get(name) === entry) show(name, entry, { state: 'waiting' });
  }

  async function waitFor(name: StageName, entry: Entry, signal: AbortSignal | undefined): Promise<void> {
    if (entry.attempt === undefined && stateOf(name) === 'ready') return;
    const attempt = entry.attempt ?? begin(name, entry);
    attempt.waiters += 1;
    try {
      await (signal === undefined ? attempt.done : orAborted(attempt.done, signal));
    } finally {
      attempt.waiters -= 1;
      if (attempt.waiters === 0 && signal?.aborted) giveUp(name, entry, attempt);
    }
  }

  /** Resolves when the stage that serves then is ready. Where it is replaced meanwhile, only the new one counts. */
  async function ensure(name: StageName, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const entry = entries.get(name);
      if (entry === undefined) return;
      try {
        await waitFor(name, entry, signal);
        if (entries.get(name) === entry) return;
      } catch (error) {
        if (signal?.aborted || entries.get(name) === entry) throw error;
      }
    }
  }

  function ensureUnwatched(name: StageName, signal?: AbortSignal): void {
    ensure(name, signal).catch((error: unknown) => {
      if (!signal?.aborted) onError(name, toAppError(error));
    });
  }

  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(name, loadable) {
      const wanted = entries.get(name)?.attempt !== undefined || stateOf(name) === 'ready';
      const entry = { ...loadable };
      entries.set(name, entry);
      show(name, entry, { state: 'waiting' });
      if (wanted) ensureUnwatched(name);
    },
    describe(name, info, totalBytes) {
      const entry = entries.get(name);
      const before = status.stages.find(({ stage }) => stage === name);
      if (entry === undefined || before === undefined) return;
      if (entry.totalBytes === totalBytes && entry.info === info) return;
      Object.assign(entry, { info, totalBytes });
      show(name, entry, { ...before, info, totalBytes });
    },
    async load(names, signal) {
      for (const name of spareStages) {
        if (!names.includes(name) && (name !== 'turn' || names.includes('vad')))
          ensureUnwatched(name, signal);
      }
      const results = await Promise.allSettled(names.map((name) => ensure(name, signal)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw toAppError(failed.reason);
    },
    reload(name) {
      const entry = entries.get(name);
      // One that dies while it is loaded fails by itself.
      if (entry === undefined || entry.attempt !== undefined) return;
      show(name, entry, { state: 'waiting' });
      ensureUnwatched(name);
    },
  };
}
