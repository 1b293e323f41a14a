import '../../../core/no-eval.ts';
import type { KnownFile } from '../../../core/models/listing.ts';
import type { AppError } from '../../../core/errors.ts';
import type { LoadProgress, ReplyPart, ReplyRequest, Responder } from '../../../core/stages/stage.ts';
import type { CatalogModel, CatalogVariant } from '../../../core/models/catalog.ts';
import { createWebLlmThread } from '../../../src/app/stages.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';

allowOwnWorkers();

/** A model as the test has written it, with what WebLLM needs to know of it. */
interface WebLlmMicroModel {
  id: string;
  name: string;
  variant: {
    needs: { shaderF16: boolean };
    files: readonly KnownFile[];
    library: { repository: string; file: KnownFile };
  };
}

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
  open({ id, name, variant }: WebLlmMicroModel): void {
    thread?.terminate();
    const model: CatalogModel = {
      id,
      name,
      stages: ['llm'],
      engine: 'web-llm',
      licence: 'Apache-2.0',
      languages: ['en'],
      prefers: 'webgpu',
      quality: 'demo',
      speed: 'fast',
      variants: [],
    };
    const { needs, ...rest } = variant;
    const whole: CatalogVariant = {
      ...rest,
      library: { revision: null, ...rest.library },
      device: 'webgpu',
      dtype: 'q0f32',
      served: true,
      needs: { webgpu: true, memoryMb: null, threads: null, ...needs },
    };
    thread = createWebLlmThread({ model, variant: whole }, (error) => deaths.push(error.code));
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
