import { untilAborted } from '../../core/abortable.ts';
import { assertPcm, SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import { createResampler, type Resampler } from '../../core/audio/resampler.ts';
import { AppError } from '../../core/errors.ts';
import type { UtterancePart } from '../../core/stages/stage.ts';
import type { LiveTranscript } from './live-transcript.ts';

/** Longest utterance: nobody speaks to an assistant for longer without a pause. */
export const MAX_UTTERANCE_SECONDS = 600;

/** Hands an utterance over as 16 kHz audio. @throws AppError `audio.invalid`, `aborted`. */
export async function readUtterance(
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
