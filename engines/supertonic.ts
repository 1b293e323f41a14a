import type { Pcm } from '../core/audio/pcm.ts';
import { AppError } from '../core/errors.ts';
import { supertonicVoice } from '../core/settings/voices.ts';
import type { Synthesizer } from '../core/stages/stage.ts';
import { describeEngine, type EngineConfig } from './engine-config.ts';
import type { EspeakConfig } from './espeak-runtime.ts';
import { toPieces } from './espeak-text.ts';
import { createLoadable } from './loadable.ts';
import { alone } from './pace.ts';
import { produce } from './produce.ts';
import { boundedSpeed, inPieces, letMessagesIn } from './speech-pieces.ts';
import { openSupertonic } from './supertonic/open-supertonic.ts';
import { createTurnstile } from './turnstile.ts';

/**
 * Supertonic 2, a voice of 66 million parameters that reads letters, in English, Spanish, French and Portuguese: 44.1 kHz,
 * one run for each sentence, ahead of the listener. On a GPU it is tried with a sentence when it is loaded.
 */
export function createSupertonic(config: EngineConfig, espeak: EspeakConfig, during = alone): Synthesizer {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openSupertonic(config, espeak, onProgress, signal),
  );
  return {
    describe: async () => describeEngine(config),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    speak: (text, { id, speed }, signal) =>
      produce<Pcm>(signal, async (emit, stopped) => {
        const { model, failure } = loadable.get();
        const { voice, language } = requireVoice(id);
        for (const sentence of toPieces(text)) {
          const style = await model.style(voice, stopped);
          const spoken = await turnstile.run(stopped, async () => {
            try {
              return await during(() => model.speak(sentence.trim(), language, style, boundedSpeed(speed)));
            } catch (error) {
              throw failure(error);
            }
          });
          inPieces(spoken).forEach(emit);
          await letMessagesIn();
        }
      }),
  };
}

function requireVoice(id: string): { voice: string; language: string } {
  const chosen = supertonicVoice(id);
  if (chosen !== undefined) return chosen;
  throw new AppError(
    'input.invalid',
    `Supertonic cannot speak with the voice "${id}". Choose a voice in English, Spanish, French or Portuguese.`,
  );
}
