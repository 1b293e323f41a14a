import { AppError, toAppError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { OnProgress, Stage, StageInfo } from './stage.ts';

/** An engine that runs, and how to part from it. */
export interface Running<S extends Stage> {
  stage: S;
  /** Ends its thread; a later call starts another. */
  terminate(): void;
  /** Ends the thread as dead unless it answers within `deadlineMs`. */
  probe(deadlineMs: number): Promise<void>;
}

/** One engine of a chain. */
export interface Rung<S extends Stage> {
  /** Rungs with equal keys are the same engine. */
  key: string;
  info: StageInfo;
  /** Makes the engine when its turn comes. `onDeath` hears that its thread died by itself. */
  start(onDeath: (error: AppError) => void): Running<S>;
}

export interface ChainDeps<S extends Stage> {
  /** Another engine serves now, or the same one was ended: it has to be loaded. Not called for what `load` does itself. */
  onReload(rung: Rung<S>): void;
  /** While it is loaded, another engine took over. */
  onServing(rung: Rung<S>): void;
  /** An engine failed, and another took over. A call that failed with it throws the same error. */
  onFailure(error: AppError): void;
  /** An engine has been loaded: a moment to measure it. What this throws counts as the engine's failure. */
  onLoaded?(rung: Rung<S>, stage: S, signal: AbortSignal): Promise<void>;
}

/** Engines for one stage, of which the first that works serves. */
export interface Chain<S extends Stage> {
  /** Loads the first engine that can be loaded. @throws AppError of the last one where none can. */
  lifeCycle: Stage;
  serving(): Rung<S>;
  /** Of the engine that serves. What is called directly is not watched for failures. */
  stage(): S;
  /** A stream of the engine that serves now; its failure may let the next engine take over, and says so. */
  stream<T>(signal: AbortSignal, work: (stage: S) => AsyncIterable<T>): AsyncGenerator<T, void, void>;
  /** The same for work with one result. */
  run<T>(signal: AbortSignal, work: (stage: S) => Promise<T>): Promise<T>;
  /**
   * Another order. The engine that serves is ended unless it is first in that order as well. Engines that were given up
   * stay so, unless `afresh`; one that an order leaves out, as a server that is gone, is new when it comes back.
   */
  replace(rungs: readonly Rung<S>[], afresh: boolean): void;
  probe(deadlineMs: number): void;
}

/** A second failure of these in a row is one too many: the first may have been bad luck, and a fresh thread helps. */
const mayRecover: readonly ErrorCode[] = ['worker.died', 'engine.failed', 'engine.timeout', 'gpu.lost'];
/** Nothing gets better by trying again at once. A server has been asked several times when it is said to be gone. */
const hopeless: readonly ErrorCode[] = [
  'gpu.unavailable',
  'model.corrupt',
  'model.missing',
  'server.unreachable',
  'server.busy',
  'server.denied',
];
const MAX_STRIKES = 2;
/** So many pieces of work that went well make up for one failure. */
const FORGIVEN_AFTER = 20;

const places: Record<StageInfo['device'], string> = {
  wasm: 'on the processor',
  webgpu: 'on the graphics chip',
  cpu: 'on the processor',
  remote: 'on the server',
};

/** @param rungs at least one */
export function createChain<S extends Stage>(rungs: readonly Rung<S>[], deps: ChainDeps<S>): Chain<S> {
  let order = rungs;
  let position = 0;
  let running: Running<S> | undefined;
  let loads = 0;
  /** This life of the engine has failed already: what else fails with it is the same failure. */
  let struck = false;
  /** What was said of it where another engine took over: every call that fails with it says the same. */
  let told: AppError | undefined;
  let strikes = 0;
  let worked = 0;
  const givenUp = new Set<string>();

  function serving(): Rung<S> {
    return order[position] ?? order[0]!;
  }

  function engine(): Running<S> {
    if (running !== undefined) return running;
    const started = serving().start((error) => {
      // While it is loaded, the load fails by itself.
      if (running !== started || loads > 0) return;
      failed(error);
    });
    running = started;
    return started;
  }

  function end(): void {
    running?.terminate();
    running = undefined;
  }

  /** @returns whether there is another; without the graphics chip where that was the fault */
  function moveOn(code: ErrorCode): boolean {
    const left = order.slice(position + 1).filter(({ key }) => !givenUp.has(key));
    const offGpu = left.find(({ info }) => info.device !== 'webgpu');
    const next = (code.startsWith('gpu.') ? offGpu : undefined) ?? left[0];
    if (next === undefined) return false;
    givenUp.add(serving().key);
    end();
    position = order.indexOf(next);
    strikes = 0;
    worked = 0;
    return true;
  }

  /** Begins anew with the first, for the next attempt. */
  function rewind(): void {
    end();
    givenUp.clear();
    position = 0;
  }

  function takesOver(error: AppError): AppError {
    const { model, device } = serving().info;
    const message = `${error.message} ${model} takes over ${places[device]}.`;
    return new AppError('stage.moved', message, { retryable: true, cause: error });
  }

  /** Draws the consequences of a failure in use. @returns what to say of it */
  function failed(error: AppError): AppError {
    const { code } = error;
    if (!(mayRecover.includes(code) || hopeless.includes(code))) return error;
    if (loads > 0 || struck) return told ?? error;
    struck = true;
    strikes += 1;
    const moved = (hopeless.includes(code) || strikes >= MAX_STRIKES) && moveOn(code);
    if (!moved) end();
    told = moved ? takesOver(error) : undefined;
    deps.onReload(serving());
    if (told !== undefined) deps.onFailure(told);
    return told ?? error;
  }

  function recovered(): void {
    struck = false;
    told = undefined;
  }

  function succeeded(): void {
    recovered();
    worked += 1;
    if (worked < FORGIVEN_AFTER) return;
    worked = 0;
    strikes = 0;
  }

  async function load(onProgress: OnProgress, signal: AbortSignal): Promise<void> {
    const planned = order;
    for (;;) {
      const rung = serving();
      const { stage } = engine();
      loads += 1;
      try {
        await stage.load(onProgress, signal);
        await deps.onLoaded?.(rung, stage, signal);
        recovered();
        return;
      } catch (error) {
        const failure = toAppError(error);
        // Whoever replaced the order loads that one.
        if (signal.aborted || failure.code === 'aborted' || order !== planned) throw failure;
        if (rung === serving()) {
          if (!moveOn(failure.code)) {
            rewind();
            if (serving() !== rung) deps.onServing(serving());
            throw failure;
          }
          deps.onServing(serving());
          deps.onFailure(takesOver(failure));
        }
      } finally {
        loads -= 1;
      }
    }
  }

  return {
    lifeCycle: {
      describe: () => engine().stage.describe(),
      load,
      dispose: () => engine().stage.dispose(),
    },
    serving,
    stage: () => engine().stage,
    async *stream(signal, work) {
      try {
        yield* work(engine().stage);
        succeeded();
      } catch (error) {
        throw signal.aborted ? error : failed(toAppError(error));
      }
    },
    async run(signal, work) {
      try {
        const result = await work(engine().stage);
        succeeded();
        return result;
      } catch (error) {
        throw signal.aborted ? error : failed(toAppError(error));
      }
    },
    replace(rungs, afresh) {
      const { key } = serving();
      if (afresh) givenUp.clear();
      order = rungs;
      for (const each of givenUp) if (!order.some((rung) => rung.key === each)) givenUp.delete(each);
      position = Math.max(
        0,
        order.findIndex((rung) => !givenUp.has(rung.key)),
      );
      if (serving().key === key) return;
      end();
      recovered();
      strikes = 0;
      worked = 0;
      deps.onReload(serving());
    },
    probe: (deadlineMs) => void running?.probe(deadlineMs),
  };
}
