import '../../../src/no-eval.ts';
import type { AppError } from '../../../core/errors.ts';
import type { LoadProgress, ReplyPart, ReplyRequest, Responder } from '../../../core/stages/stage.ts';
import { createWebLlmThread, type WebLlmVariant } from '../../../src/app/stages.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';

allowOwnWorkers();

/** What came of a call: its result, or the code and words of its error. */
export interface Outcome<T> {
  value?: T;
  code?: string;
  message?: string;
}

let thread: ReturnType<typeof createWebLlmThread> | undefined;
const deaths: string[] = [];
const never = new AbortController().signal;

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    const { code, message } = error as AppError;
    return { code, message };
  }
}

function responder(): Responder {
  if (thread === undefined) throw new Error('Nothing was opened.');
  return thread.stage;
}

/** What the browser tests of WebLLM call. */
const harness = {
  /** Starts the thread that the page would start for a model of the catalogue. */
  open(model: { id: string; name: string; variant: WebLlmVariant }): void {
    thread?.terminate();
    thread = createWebLlmThread(model, model.variant, (error) => deaths.push(error.code));
  },

  deaths: () => deaths,
  describe: () => responder().describe(),
  dispose: () => responder().dispose(),

  load(): Promise<Outcome<LoadProgress[]>> {
    const steps: LoadProgress[] = [];
    return outcomeOf(async () => {
      await responder().load((step) => steps.push(step), never);
      return steps;
    });
  },

  /** Loads until the first bytes have come, then gives up. */
  loadAndGiveUp(): Promise<Outcome<void>> {
    const controller = new AbortController();
    return outcomeOf(() => responder().load(() => controller.abort(), controller.signal));
  },

  prepare: (request: ReplyRequest) => outcomeOf(() => responder().prepare(request, never)),

  prepareAndGiveUp(request: ReplyRequest): Promise<Outcome<void>> {
    const controller = new AbortController();
    const prepared = outcomeOf(() => responder().prepare(request, controller.signal));
    setTimeout(() => controller.abort());
    return prepared;
  },

  /** @param stopAfter gives up after so many parts, and reads on to see how the reply ends */
  reply(request: ReplyRequest, stopAfter = Infinity): Promise<Outcome<ReplyPart[]> & { heard: ReplyPart[] }> {
    const controller = new AbortController();
    const heard: ReplyPart[] = [];
    return outcomeOf(async () => {
      for await (const part of responder().reply(request, controller.signal)) {
        heard.push(part);
        if (heard.length >= stopAfter) controller.abort();
      }
      return heard;
    }).then((outcome) => ({ ...outcome, heard }));
  },
};

export type WebLlmHarness = typeof harness;

Object.assign(globalThis, { harness });
