import { orAborted } from '../../core/abortable.ts';
import type { Recognizer, Transcript } from '../../core/stages/stage.ts';
import { describeEngine, type EngineConfig } from '../engine-config.ts';
import { createLoadable } from '../loadable.ts';
import { produce } from '../produce.ts';
import { openModel, type ModelOpener } from '../transformers-env.ts';
import { createTurnstile } from '../turnstile.ts';
import { createLiveTranscript } from './live-transcript.ts';
import { readUtterance } from './read-utterance.ts';
import type { SpeechModel } from './speech-model.ts';

/**
 * A recogniser of any model, in the page (wasm, WebGPU) and in Node. Audio of any rate from 8 to 192 kHz, an utterance
 * of at most 10 minutes. Utterances may overlap: their runs alternate, and an aborted one leaves within a token.
 */
export function createSpeechRecognizer(
  config: EngineConfig,
  open: (opener: ModelOpener) => Promise<SpeechModel>,
): Recognizer {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openModel(config, onProgress, signal, open),
  );
  return {
    describe: async () => describeEngine(config),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    transcribe: (audio, options, signal) =>
      produce<Transcript>(signal, async (emit, stopped) => {
        const { model, failure } = loadable.get();
        const live = createLiveTranscript({
          decode: (samples, stop) =>
            turnstile.run(stop, async (running) => {
              try {
                return await model.decode(samples, options.language, running);
              } catch (error) {
                throw failure(error);
              }
            }),
          windowSamples: model.windowSamples,
          signal: stopped,
          nowMs: () => performance.now(),
        });
        await Promise.all([readUtterance(audio, live, stopped), orAborted(live.run(emit), stopped)]);
      }),
  };
}
