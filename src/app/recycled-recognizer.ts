import type { AppError } from '../../core/errors.ts';
import type { Running } from '../../core/stages/first-that-works.ts';
import type { Recognizer } from '../../core/stages/stage.ts';

/** A thread that knows how much GPU memory it has come to hold beyond what its model needs. */
export interface WearingThread extends Running<Recognizer> {
  gpuGrowthBytes(): Promise<number>;
}

export interface RecycledDeps {
  start(onDeath: (error: AppError) => void): WearingThread;
  /** Told of the death of the thread in use. */
  onDeath(error: AppError): void;
  /** Growth after which a thread is replaced. */
  budgetBytes: number;
}

interface Served {
  thread: WearingThread;
  /** Calls and utterances under way in it. */
  uses: number;
}

/**
 * A recogniser whose thread is replaced when the GPU memory it holds has grown over a budget: the next one loads first,
 * the next utterance goes to it, and the old one ends with the last of its utterances. Where the next does not load, the
 * old one stays, and it is tried again after the next utterance.
 */
export function createRecycledRecognizer({ start, onDeath, budgetBytes }: RecycledDeps): Running<Recognizer> {
  let current = begin();
  /** The thread that is being loaded, or the one that has still to end. */
  let other: Served | undefined;

  function begin(): Served {
    const thread = start((error) => {
      if (thread === current.thread) onDeath(error);
    });
    return { thread, uses: 0 };
  }

  function drop(served: Served): void {
    served.thread.terminate();
    if (other === served) other = undefined;
  }

  async function replaceIfWorn(worn: Served): Promise<void> {
    if (worn !== current || other !== undefined) return;
    if ((await worn.thread.gpuGrowthBytes()) <= budgetBytes || other !== undefined) return;
    const next = begin();
    other = next;
    try {
      await next.thread.stage.load(() => {}, new AbortController().signal);
    } catch {
      drop(next);
      return;
    }
    // Both were ended while it loaded.
    if (other !== next) return;
    current = next;
    other = worn;
    if (worn.uses === 0) drop(worn);
  }

  function release(served: Served): void {
    served.uses -= 1;
    if (served === other && served.uses === 0) drop(served);
  }

  async function during<T>(work: (stage: Recognizer) => Promise<T>): Promise<T> {
    const served = current;
    served.uses += 1;
    try {
      return await work(served.thread.stage);
    } finally {
      release(served);
    }
  }

  return {
    stage: {
      describe: () => during((stage) => stage.describe()),
      load: (onProgress, signal) => during((stage) => stage.load(onProgress, signal)),
      dispose: () => during((stage) => stage.dispose()),
      async *transcribe(audio, options, signal) {
        const served = current;
        served.uses += 1;
        try {
          yield* served.thread.stage.transcribe(audio, options, signal);
        } finally {
          release(served);
        }
        // Not of a thread that failed: it has nothing to be asked, and a call would start another.
        replaceIfWorn(served).catch(() => {});
      },
    },
    probe: (deadlineMs) => current.thread.probe(deadlineMs),
    terminate() {
      current.thread.terminate();
      if (other) drop(other);
    },
  };
}
