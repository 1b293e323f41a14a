import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { resample } from '../../core/audio/resampler.ts';
import type { UtterancePart } from '../../core/stages/stage.ts';
import { starterRecogniser } from './starter-engines.ts';
import { soundBounds } from './wav.ts';

/** Somebody who writes down what is said: the starter recogniser, in this process. */
export interface Ear {
  /** The words in a recording of any rate; the empty string for none. */
  words(pcm: Pcm): Promise<string>;
  close(): Promise<void>;
}

export async function openEar(): Promise<Ear> {
  const recogniser = starterRecogniser();
  await recogniser.load(() => {}, new AbortController().signal);
  return {
    async words(pcm) {
      let text = '';
      const parts = frames(trimmed(resample(pcm, SPEECH_RATE_HZ)));
      for await (const transcript of recogniser.transcribe(
        parts,
        { language: 'en' },
        new AbortController().signal,
      )) {
        if (transcript.settled) ({ text } = transcript);
      }
      return text;
    },
    close: () => recogniser.dispose(),
  };
}

/** Without the silence before and after, as voice activity detection would hand it on. */
function trimmed(pcm: Pcm): Float32Array {
  const { startS, endS } = soundBounds(pcm);
  const padS = 0.2;
  const from = Math.max(0, Math.round((startS - padS) * pcm.rateHz));
  return pcm.samples.subarray(from, Math.round((endS + padS) * pcm.rateHz));
}

async function* frames(samples: Float32Array): AsyncGenerator<UtterancePart> {
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    const frame = samples.slice(at, at + FRAME_SAMPLES);
    yield { type: 'audio', pcm: { samples: frame, rateHz: SPEECH_RATE_HZ } };
  }
}
