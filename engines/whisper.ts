import { orAborted, untilAborted } from '../core/abortable.ts';
import { assertPcm, SPEECH_RATE_HZ, type Pcm } from '../core/audio/pcm.ts';
import { createResampler, type Resampler } from '../core/audio/resampler.ts';
import { AppError } from '../core/errors.ts';
import type { Recognizer, Transcript, UtterancePart } from '../core/stages/stage.ts';
import { describeEngine, type EngineConfig } from './engine-config.ts';
import { createLoadable } from './loadable.ts';
import { produce } from './produce.ts';
import { openModel } from './transformers-env.ts';
import { createTurnstile } from './turnstile.ts';
import { createLiveTranscript, type LiveTranscript } from './whisper/live-transcript.ts';
import { openWhisperModel } from './whisper/whisper-model.ts';

/** Longest utterance: nobody speaks to an assistant for longer without a pause. */
export const MAX_UTTERANCE_SECONDS = 600;

/**
 * Whisper of any size, or a model of its architecture with a shorter window, in the page (wasm, WebGPU) and in Node.
 * Greedy, without time stamps. Audio of any rate from 8 to 192 kHz, an utterance of at most 10 minutes. Utterances may
 * overlap: their runs alternate, and an aborted one leaves within a token.
 */
export function createWhisper(config: EngineConfig): Recognizer {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openModel(config, onProgress, signal, openWhisperModel),
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

/** Hands an utterance over as 16 kHz audio. @throws AppError `audio.invalid`, `aborted`. */
async function readUtterance(
  audio: AsyncIterable<UtterancePart>,
  live: LiveTranscript,
  signal: AbortSignal,
): Promise<void> {
  let seconds = 0;
  let resampling: { rateHz: number; resampler: Resampler } | undefined;

  function toSpeechRate(pcm: Pcm): Float32Array {
    if (pcm.rateHz === SPEECH_RATE_HZ) return pcm.samples;
    if (resampling?.rateHz !== pcm.rateHz) {
      resampling = { rateHz: pcm.rateHz, resampler: createResampler(pcm.rateHz, SPEECH_RATE_HZ) };
    }
    return resampling.resampler.push(pcm.samples);
  }

  for await (const part of untilAborted(audio, signal)) {
    if (part.type === 'pause') {
      live.pause();
      continue;
    }
    const { pcm } = part;
    assertPcm(pcm, MAX_UTTERANCE_SECONDS);
    seconds += pcm.samples.length / pcm.rateHz;
    if (seconds > MAX_UTTERANCE_SECONDS) {
      throw new AppError(
        'audio.invalid',
        `The utterance is longer than ${MAX_UTTERANCE_SECONDS / 60} minutes; say it in parts.`,
      );
    }
    live.push(toSpeechRate(pcm));
  }
  live.end();
}
