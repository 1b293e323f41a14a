/** Kokoro in its own thread, as the product starts it, for tests/e2e/kokoro.spec.ts. */
import '../../../core/no-eval.ts';
import { toAppError } from '../../../core/errors.ts';
import type { CatalogModel } from '../../../core/models/catalog.ts';
import type { Synthesizer } from '../../../core/stages/stage.ts';
import { createKokoroThread } from '../../../src/app/stages.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';

export interface Spoken {
  rateHz: number;
  samples: number[];
  /** Why it ended before its end. */
  failure?: { code: string; message: string };
}

export interface KokoroHarness {
  /** Starts a thread and loads it; answers with why that failed, or with nothing. */
  load(
    model: CatalogModel,
    device: 'wasm' | 'webgpu',
  ): Promise<{ code: string; message: string } | undefined>;
  /** Speaks, and gives up after so many pieces of sound. */
  speak(text: string, voice: string, speed: number, pieces?: number): Promise<Spoken>;
  describe(): ReturnType<Synthesizer['describe']>;
}

declare global {
  interface Window {
    kokoro: KokoroHarness;
  }
}

allowOwnWorkers();
let kokoro: ReturnType<typeof createKokoroThread> | undefined;

function failureOf(error: unknown): { code: string; message: string } {
  const { code, message } = toAppError(error);
  return { code, message };
}

window.kokoro = {
  async load(model, device) {
    kokoro?.terminate();
    const variant = model.variants.find((each) => each.device === device)!;
    kokoro = createKokoroThread({ model, variant }, () => {});
    try {
      await kokoro.stage.load(() => {}, new AbortController().signal);
    } catch (error) {
      return failureOf(error);
    }
  },
  async speak(text, voice, speed, pieces = Infinity) {
    const spoken: Spoken = { rateHz: 0, samples: [] };
    const controller = new AbortController();
    let heard = 0;
    try {
      for await (const pcm of kokoro!.stage.speak(text, { id: voice, speed }, controller.signal)) {
        spoken.rateHz = pcm.rateHz;
        spoken.samples.push(...pcm.samples);
        if (++heard === pieces) controller.abort();
      }
    } catch (error) {
      spoken.failure = failureOf(error);
    }
    return spoken;
  },
  describe: () => kokoro!.stage.describe(),
};
