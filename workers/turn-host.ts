import type { TurnHost as RemoteTurn } from '../boundary/remote-stages.ts';
import { combineDetectors } from '../core/stages/combine-detectors.ts';
import type { Pause, TurnDetector } from '../core/stages/turn-detector.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { createAudioTurnDetector } from '../engines/turn-audio.ts';
import { createTextTurnDetector } from '../engines/turn-text.ts';
import { hosted } from './hosted.ts';

/** The model that hears and the one that reads. */
export interface TurnConfig {
  audio: EngineConfig;
  text: EngineConfig;
}

/** What turn.worker exposes. */
export type TurnHost = RemoteTurn<TurnConfig>;

/** @param end ends the thread when its engine is broken; that of a page's worker by default */
export function createTurnHost(end?: () => void): TurnHost {
  const host = hosted<TurnDetector, TurnConfig>(
    ({ audio, text }) => combineDetectors(createAudioTurnDetector(audio), createTextTurnDetector(text)),
    end,
  );
  return {
    ...host.lifeCycle,
    judge(audio, words, language, signal) {
      const pause: Pause = { audio, words, ...(language !== undefined && { language }) };
      return host.stream(signal, (detector) => detector.judge(pause, signal));
    },
  };
}
