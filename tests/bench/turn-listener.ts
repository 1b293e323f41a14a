import { concatSamples, FRAME_MS, FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { createSegmenter } from '../../core/audio/segmenter.ts';
import { defaultSettings } from '../../core/settings/settings.ts';
import { combineDetectors } from '../../core/stages/combine-detectors.ts';
import type { UtterancePart } from '../../core/stages/stage.ts';
import { TURN_AUDIO_SECONDS } from '../../core/stages/turn-detector.ts';
import type { Pause, TurnDetector } from '../../core/stages/turn-detector.ts';
import { createRuleTurnDetector } from '../../core/stages/rule-detector.ts';
import { longestSilenceMs } from '../../core/turn/patience.ts';
import { createSilero } from '../../engines/silero.ts';
import type { RecordedTurn } from '../eval/turn-corpus.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { starterRecogniser, starterTurnAudio, starterTurnText } from '../support/starter-engines.ts';
import { never } from '../support/stage-contract.ts';
import { readWav } from '../support/wav.ts';
import type { HeardPause } from './turn-replay.ts';

/** Quiet after which the recogniser begins with what it has, before the pause is announced: see live-transcript.ts. */
const AHEAD_MS = defaultSettings.listening.minSilenceMs - 96;
/** No utterance may end by itself within a pause, as none does in the product. */
const LONGEST_WAIT_MS = longestSilenceMs('patient') + 1000;

export interface Opinions {
  text: number | undefined;
  audio: number | undefined;
  combined: number | undefined;
}

/** A soft pause with what each detector thinks of it, and the time that it took after the pause was noticed. */
export type JudgedPause = HeardPause & { opinions: Opinions; words: string; workMs: number };

export interface TurnListener {
  /** Hears a recording with the product's stages, one after the other. */
  listen(turn: RecordedTurn): Promise<{ pauses: JudgedPause[]; lengthMs: number }>;
  close(): Promise<void>;
}

export async function openTurnListener(): Promise<TurnListener> {
  const silero = createSilero({
    modelUrl: runtimeUrls.silero,
    runtimeUrl: runtimeUrls.ort,
    read: readFromDisk,
  });
  const recogniser = starterRecogniser();
  const audio = starterTurnAudio();
  const text = starterTurnText();
  const stages = [silero, recogniser, audio, text];
  for (const stage of stages) await stage.load(() => {}, never);

  async function wordsOf(samples: Float32Array): Promise<string> {
    let words = '';
    const parts = only<UtterancePart>({ type: 'audio', pcm: toPcm(samples) });
    for await (const transcript of recogniser.transcribe(parts, { language: 'en' }, never)) {
      if (transcript.settled) words = transcript.text;
    }
    return words;
  }

  /**
   * The last probability of each detector, and of both together by the product's own rule. One stage runs at a time, so
   * that each is timed alone; in the page the sound is judged by one worker while another writes down the words.
   */
  async function judged(samples: Float32Array): Promise<Pick<JudgedPause, 'opinions' | 'words' | 'workMs'>> {
    const recent = samples.slice(-TURN_AUDIO_SECONDS * SPEECH_RATE_HZ);
    const [words, writingMs] = await timed(() => wordsOf(samples));
    const [heard, hearingMs] = await timed(() =>
      lastOf(audio, { audio: only(toPcm(recent)), words: only() }),
    );
    const [read, readingMs] = await timed(() => lastOf(text, { audio: only(), words: only(words) }));
    const both = combineDetectors(saying(heard), saying(read));
    const combined = await lastOf(both, { audio: only(), words: only() });
    return {
      opinions: { audio: heard, text: read, combined },
      words,
      workMs: Math.max(writingMs - AHEAD_MS, hearingMs) + readingMs,
    };
  }

  return {
    async listen({ file, endS }) {
      const { samples } = readWav(file);
      const segmenter = createSegmenter({ ...defaultSettings.listening, longestWaitMs: LONGEST_WAIT_MS });
      const pauses: JudgedPause[] = [];
      let utterance: Float32Array[] = [];
      silero.reset();
      for (let frame = 0; (frame + 1) * FRAME_SAMPLES <= samples.length; frame += 1) {
        const heard = samples.slice(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);
        const probability = await silero.probability(heard);
        for (const event of segmenter.push({ samples: heard, atMs: (frame + 1) * FRAME_MS, probability })) {
          if (event.type === 'part' && event.part.type === 'audio') utterance.push(event.part.pcm.samples);
          if (event.type === 'speech.misfire') utterance = [];
          const open = pauses.at(-1);
          // What begins after the end of the speech is a noise, and no part of the turn.
          const goesOn = event.type === 'speech.resumed' && event.speechMs < endS * 1000;
          if (goesOn && open) open.resumedAtMs = event.atMs;
          if (event.type !== 'speech.paused' || (open && open.resumedAtMs === undefined)) continue;
          const { atMs, speechMs } = event;
          pauses.push({
            speechEndMs: speechMs,
            atMs,
            resumedAtMs: undefined,
            ...(await judged(concatSamples(utterance))),
          });
        }
      }
      return { pauses, lengthMs: (samples.length / SPEECH_RATE_HZ) * 1000 };
    },
    async close() {
      for (const stage of stages) await stage.dispose();
    },
  };
}

const toPcm = (samples: Float32Array): Pcm => ({ samples, rateHz: SPEECH_RATE_HZ });

async function* only<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

/** What a task gives, and the milliseconds that it took. */
async function timed<T>(task: () => Promise<T>): Promise<[T, number]> {
  const startMs = performance.now();
  return [await task(), performance.now() - startMs];
}

async function lastOf(detector: TurnDetector, pause: Pause): Promise<number | undefined> {
  let last: number | undefined;
  for await (const probability of detector.judge(pause, never)) last = probability;
  return last;
}

/** A detector whose opinion is known. */
function saying(probability: number | undefined): TurnDetector {
  return {
    ...createRuleTurnDetector(),
    judge: () => (probability === undefined ? only<number>() : only(probability)),
  };
}
