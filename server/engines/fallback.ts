import type { Clock } from '../../core/clock.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Stage } from '../../core/stages/stage.ts';

/** One engine of a stage. */
export interface Candidate<S> {
  /** As the configuration names it. */
  model: string;
  stage: S;
  /** Longest time to its first item while there is another to ask. */
  firstMs: number | undefined;
}

export interface FallbackStatus {
  /** Model that a call is given to first now. */
  serving: string;
  /** Its place in the order: 0 is what the configuration prefers. */
  rank: number;
  /** Calls that were handed on to the next engine. */
  fallbacks: number;
}

/** Engines of one stage, for all callers at once: a call that one of them fails is given to the next. */
export interface Fallback<S extends Stage> extends Stage {
  /**
   * What the first engine that works makes of the work. Another takes over as long as nothing has come of it; where
   * `resumable`, also later: then the work itself skips what came before.
   */
  stream<T>(
    signal: AbortSignal,
    work: (stage: S, signal: AbortSignal) => AsyncIterable<T>,
    resumable?: boolean,
  ): AsyncGenerator<T, void, void>;
  /** How many engines there are. */
  readonly size: number;
  /** Of the engine that calls go to now. */
  stage(): S;
  status(): FallbackStatus;
}

export interface FallbackOptions {
  clock: Clock;
  /** What is left to the person where no engine works, as a sentence. */
  withoutIt: string;
}

/** How long an engine that failed is passed over; the next call after that tries it again. */
const REST_MS = 10_000;

/** The engine is not at fault: it would be the same with another. */
const ofTheCall: readonly ErrorCode[] = ['aborted', 'input.invalid', 'audio.invalid', 'tool.failed'];

/**
 * Unlike the chain of core/stages, which moves on for good and for one person, this one serves many callers: the engine that is preferred is
 * tried again after a while, and the call in hand is not lost.
 * @param candidates at least one, the preferred one first
 */
export function createFallback<S extends Stage>(
  candidates: readonly Candidate<S>[],
  { clock, withoutIt }: FallbackOptions,
): Fallback<S> {
  const restsUntilMs = new Map<Candidate<S>, number>();
  let fallbacks = 0;

  function fit(): readonly Candidate<S>[] {
    const rested = candidates.filter((each) => (restsUntilMs.get(each) ?? 0) <= clock.nowMs());
    return rested.length > 0 ? rested : candidates;
  }

  const first = (): Candidate<S> => fit()[0]!;

  /** One attempt: `tooSlow` where nothing came in time. */
  async function* attempt<T>(
    { stage, firstMs, model }: Candidate<S>,
    isLast: boolean,
    signal: AbortSignal,
    work: (stage: S, signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, void> {
    const slow = new AbortController();
    const stopWaiting = isLast || firstMs === undefined ? () => {} : clock.after(firstMs, () => slow.abort());
    try {
      for await (const item of work(stage, AbortSignal.any([signal, slow.signal]))) {
        stopWaiting();
        yield item;
      }
    } catch (error) {
      if (!slow.signal.aborted || signal.aborted) throw error;
      throw new AppError('engine.timeout', `${model} takes too long.`, { retryable: true, cause: error });
    } finally {
      stopWaiting();
    }
  }

  function failed(candidate: Candidate<S>, error: unknown): AppError {
    const failure = toAppError(error);
    // Whoever is only busy is well.
    if (!ofTheCall.includes(failure.code) && failure.code !== 'server.busy')
      restsUntilMs.set(candidate, clock.nowMs() + REST_MS);
    return failure;
  }

  return {
    describe: () => first().stage.describe(),
    async load(onProgress, signal) {
      await first().stage.load(onProgress, signal);
    },
    async dispose() {
      for (const { stage } of candidates) await stage.dispose();
    },
    async *stream(signal, work, resumable = false) {
      const order = fit();
      for (const [at, candidate] of order.entries()) {
        const isLast = at === order.length - 1;
        let begun = false;
        try {
          for await (const item of attempt(candidate, isLast, signal, work)) {
            begun = true;
            yield item;
          }
          restsUntilMs.delete(candidate);
          return;
        } catch (error) {
          const failure = failed(candidate, error);
          if (signal.aborted || ofTheCall.includes(failure.code)) throw failure;
          if (begun && !resumable) throw failure;
          if (isLast) throw inWords(failure, withoutIt);
          fallbacks += 1;
        }
      }
    },
    size: candidates.length,
    stage: () => first().stage,
    status() {
      const serving = first();
      return { serving: serving.model, rank: candidates.indexOf(serving), fallbacks };
    },
  };
}

/** Says as well what is left. Who is only busy has nothing to add, and says when to come back. */
function inWords(failure: AppError, withoutIt: string): AppError {
  if (failure.code === 'server.busy') return failure;
  const { code, retryable } = failure;
  return new AppError(code, `${failure.message} ${withoutIt}`, { retryable, cause: failure });
}
