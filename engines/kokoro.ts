import type { Pcm } from '../core/audio/pcm.ts';
import { AppError } from '../core/errors.ts';
import { kokoroVoiceFor, voiceLocale } from '../core/settings/voices.ts';
import type { Synthesizer } from '../core/stages/stage.ts';
import { describeEngine, type EngineConfig } from './engine-config.ts';
import type { EspeakConfig } from './espeak-runtime.ts';
import { toChunks } from './kokoro/chunks.ts';
import { phonemize } from './kokoro/g2p.ts';
import { KOKORO_RATE_HZ } from './kokoro/kokoro-model.ts';
import { openKokoro } from './kokoro/open-kokoro.ts';
import { createLoadable } from './loadable.ts';
import { alone } from './pace.ts';
import { produce } from './produce.ts';
import { boundedSpeed, inPieces, letMessagesIn } from './speech-pieces.ts';
import { createTurnstile } from './turnstile.ts';

/**
 * Kokoro, a voice of 82 million parameters, in English, Spanish, French, Hindi, Italian and Portuguese; eSpeak NG beside
 * it turns text into phonemes. 24 kHz, one run for each sentence, ahead of the listener.
 *
 * Loading it speaks a known sentence and listens to it: a GPU on which that is no speech fails with `gpu.unavailable`.
 */
export function createKokoro(config: EngineConfig, espeak: EspeakConfig, during = alone): Synthesizer {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openKokoro(config, espeak, onProgress, signal),
  );

  return {
    describe: async () => describeEngine(config),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    speak: (text, { id, speed }, signal) =>
      produce<Pcm>(signal, async (emit, stopped) => {
        const { model, failure } = loadable.get();
        const voice = requireVoice(id);
        const phonemes = phonemize(text, voiceLocale(voice), model.espeak);
        for (const chunk of toChunks(model.vocabulary.known(phonemes))) {
          const styles = await model.styles(voice, stopped);
          const samples = await turnstile.run(stopped, async () => {
            try {
              const ids = model.vocabulary.encode(chunk);
              return await during(() => model.kokoro.speak(ids, styles, boundedSpeed(speed)));
            } catch (error) {
              throw failure(error);
            }
          });
          inPieces({ samples, rateHz: KOKORO_RATE_HZ }).forEach(emit);
          await letMessagesIn();
        }
      }),
  };
}

function requireVoice(id: string): string {
  const voice = kokoroVoiceFor(id);
  if (voice !== undefined) return voice;
  throw new AppError(
    'input.invalid',
    `Kokoro cannot speak with the voice "${id}". Choose a voice in English, Spanish, French, Hindi, Italian or Portuguese.`,
  );
}
