import { createSegmenter } from '../../core/audio/segmenter.ts';
import { concatSamples, FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { resample } from '../../core/audio/resampler.ts';
import { defaultSettings } from '../../core/settings/settings.ts';
import type { ScoreFrames } from '../engines/local-engines.ts';

/** A stretch of speech in a recording. */
export interface RecordedUtterance {
  startMs: number;
  endMs: number;
  samples: Float32Array;
}

/**
 * Finds the speech in a recording, as a microphone would hear it: a recogniser invents words where nobody speaks.
 * Stretches less than two seconds apart are one.
 */
export async function* findUtterances(
  recording: Pcm,
  scoreFrames: ScoreFrames,
  signal: AbortSignal,
): AsyncGenerator<RecordedUtterance> {
  const { samples } = resample(recording, SPEECH_RATE_HZ);
  const segmenter = createSegmenter(defaultSettings.listening);
  let position = 0;
  let parts: Float32Array[] = [];
  let startMs = 0;

  function take(endMs: number): RecordedUtterance {
    const utterance = { startMs, endMs, samples: concatSamples(parts) };
    parts = [];
    return utterance;
  }

  for await (const probability of scoreFrames(framesOf(samples), signal)) {
    const frame = frameAt(samples, position);
    position += FRAME_SAMPLES;
    const atMs = (position / SPEECH_RATE_HZ) * 1000;
    for (const event of segmenter.push({ samples: frame, probability, atMs })) {
      if (event.type === 'speech.started') {
        startMs = event.speechMs;
      } else if (event.type === 'part' && event.part.type === 'audio') parts.push(event.part.pcm.samples);
      else if (event.type === 'speech.ended') yield take(event.speechMs);
      else if (event.type === 'speech.misfire') parts = [];
    }
  }
  // Speech up to the very end of the recording.
  if (parts.length > 0) yield take((Math.min(position, samples.length) / SPEECH_RATE_HZ) * 1000);
}

async function* framesOf(samples: Float32Array): AsyncGenerator<Float32Array> {
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) yield frameAt(samples, at);
}

/** A copy; the last frame is filled up with silence. */
function frameAt(samples: Float32Array, at: number): Float32Array {
  const frame = new Float32Array(FRAME_SAMPLES);
  frame.set(samples.subarray(at, at + FRAME_SAMPLES));
  return frame;
}
