import type { EngineName } from '../../core/models/engines.ts';
import type { Part } from '../../core/placement/plan.ts';
import type { AppError } from '../../core/errors.ts';
import type { Running } from '../../core/stages/first-that-works.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import {
  createKokoroThread,
  createRecognizerThread,
  createResponderThread,
  createSpeechLlmThread,
  createWebLlmThread,
} from './stages.ts';

type Threads<S extends Stage> = Partial<
  Record<EngineName, (part: Part, onDeath: (error: AppError) => void) => Running<S>>
>;

/** Which thread carries the models of an engine, for each stage: one line makes an engine usable. */
export const engineThreads: {
  stt: Threads<Recognizer>;
  llm: Threads<Responder>;
  tts: Threads<Synthesizer>;
} = {
  stt: {
    whisper: createRecognizerThread,
    moonshine: createRecognizerThread,
    ctc: createRecognizerThread,
    voxtral: createRecognizerThread,
  },
  llm: {
    'causal-lm': createResponderThread,
    'web-llm': createWebLlmThread,
    ultravox: createSpeechLlmThread,
  },
  tts: { kokoro: createKokoroThread, supertonic: createKokoroThread },
};

/** All engines of the table, and those of turn-taking, which share a thread of their own. */
export const usableEngines: ReadonlySet<EngineName> = new Set([
  ...Object.values(engineThreads).flatMap((threads) => Object.keys(threads) as EngineName[]),
  'turn-audio',
  'turn-text',
]);
