import { letGo, untilAborted } from '../core/abortable.ts';
import { assertPcm, concatSamples, SPEECH_RATE_HZ, type Pcm } from '../core/audio/pcm.ts';
import { AppError } from '../core/errors.ts';
import type { TurnDetector } from '../core/stages/turn-detector.ts';
import type { EngineConfig } from './engine-config.ts';
import { openTurnAudioModel } from './turn/audio-model.ts';
import { createScorer } from './turn/scorer.ts';

/** Longest recording that is taken at all, of which the end is heard: the longest utterance. */
const MAX_SECONDS = 60;

/**
 * Hears in the last 8 seconds of speech whether it has ended: Smart Turn v3, or a model with its inputs. It yields one
 * probability, none for empty audio.
 */
export function createAudioTurnDetector(config: EngineConfig): TurnDetector {
  const { lifeCycle, score } = createScorer(config, openTurnAudioModel);
  return {
    ...lifeCycle,
    async *judge({ audio, words }, signal) {
      letGo(words);
      const samples = await readAll(audio, signal);
      if (samples.length > 0) yield await score(samples, signal);
    },
  };
}

/** @throws AppError `audio.invalid`, `aborted`. */
async function readAll(audio: AsyncIterable<Pcm>, signal: AbortSignal): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for await (const pcm of untilAborted(audio, signal)) {
    assertPcm(pcm, MAX_SECONDS);
    if (pcm.rateHz !== SPEECH_RATE_HZ) {
      throw new AppError(
        'audio.invalid',
        `A turn is judged at ${SPEECH_RATE_HZ} Hz, not ${pcm.rateHz}; resample it.`,
      );
    }
    pieces.push(pcm.samples);
  }
  return concatSamples(pieces);
}
