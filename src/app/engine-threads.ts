import type { EngineName } from '../../core/models/engines.ts';
import type { Part, PlacedStage } from '../../core/placement/plan.ts';
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

/** Whether the table has a thread for the engine; those of turn-taking share one of their own. */
export function canRun(stage: PlacedStage, engine: EngineName): boolean {
  if (stage === 'turn') return engine === 'turn-audio' || engine === 'turn-text';
  return stage !== 'vad' && engineThreads[stage][engine] !== undefined;
}
