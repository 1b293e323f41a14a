import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from './engine-config.ts';
import { createSpeechRecognizer } from './speech/recognizer.ts';
import { openWhisperModel } from './whisper/whisper-model.ts';

/**
 * Whisper of any size, English or multilingual, or a model of its architecture with a shorter window. Greedy, without
 * time stamps.
 */
export const createWhisper = (config: EngineConfig): Recognizer =>
  createSpeechRecognizer(config, openWhisperModel);
