import { untilAborted } from '../abortable.ts';
import { createChannel } from '../channel.ts';
import type { LoadProgress, OnProgress, Stage } from './stage.ts';
import type { Pause, TurnDetector } from './turn-detector.ts';

/**
 * Logistic regression over the two starter models, fitted by tools/starter-models/turn_combine.py on 979 pauses of voices
 * that neither was trained on.
 */
const AUDIO_WEIGHT = 0.818;
const TEXT_WEIGHT = 0.61;
const BIAS = -0.144;
/** Nobody is surer than this: it keeps the logarithm finite. */
const SUREST = 1e-4;

/**
 * One detector out of one that hears the audio of a pause and one that reads its words: each gets its part only. The
 * combined probability is yielded whenever either knows more, and the one that is known first counts alone until then.
 * Where one fails, the other decides; when both fail, so does this.
 */
export function combineDetectors(audio: TurnDetector, text: TurnDetector): TurnDetector {
  return {
    async describe() {
      const [heard, read] = await Promise.all([audio.describe(), text.describe()]);
      return { ...heard, model: `${heard.model} and ${read.model}` };
    },
    load: (onProgress, signal) => loadBoth([audio, text], onProgress, signal),
    async dispose() {
      await Promise.all([audio.dispose(), text.dispose()]);
    },
    judge: (pause, signal) => judgeTogether(audio, text, pause, signal),
  };
}

/** Probability out of what is known, 0…1; undefined where nothing is. */
function combine(heard: number | undefined, read: number | undefined): number | undefined {
  if (heard === undefined || read === undefined) return heard ?? read;
  return 1 / (1 + Math.exp(-(AUDIO_WEIGHT * logit(heard) + TEXT_WEIGHT * logit(read) + BIAS)));
}

function logit(probability: number): number {
  const bounded = Math.min(1 - SUREST, Math.max(SUREST, probability));
  return Math.log(bounded / (1 - bounded));
}

async function* judgeTogether(
  audio: TurnDetector,
  text: TurnDetector,
  pause: Pause,
  signal: AbortSignal,
): AsyncGenerator<number, void, void> {
  const left = new AbortController();
  const leave = (): void => left.abort();
  const known: { heard?: number | undefined; read?: number | undefined } = {};
  const failures: unknown[] = [];
  const judged = createChannel<number>();

  function learn(part: keyof typeof known, probability: number | undefined): void {
    known[part] = probability;
    const together = combine(known.heard, known.read);
    if (together !== undefined) judged.push(together);
  }

  async function follow(part: keyof typeof known, probabilities: AsyncIterable<number>): Promise<void> {
    try {
      for await (const probability of probabilities) learn(part, probability);
    } catch (error) {
      failures.push(error);
      if (known[part] !== undefined) learn(part, undefined);
    }
  }

  void Promise.all([
    follow('heard', audio.judge({ ...pause, words: nothing() }, left.signal)),
    follow('read', text.judge({ ...pause, audio: nothing() }, left.signal)),
  ]).then(() => judged.close(failures.length === 2 ? failures[0] : undefined));
  signal.addEventListener('abort', leave, { once: true });
  try {
    yield* untilAborted(judged, signal);
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}

async function* nothing(): AsyncGenerator<never, void, void> {}

/** One after the other, as one load: the bytes of both together. */
async function loadBoth(
  stages: readonly Stage[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  let before = 0;
  for (const stage of stages) {
    let latest: LoadProgress | undefined;
    await stage.load((progress) => {
      latest = progress;
      const { file, loadedBytes, totalBytes } = progress;
      onProgress({ file, loadedBytes: before + loadedBytes, totalBytes: before + totalBytes });
    }, signal);
    before += latest?.loadedBytes ?? 0;
  }
}
