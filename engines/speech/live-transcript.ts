import { SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Transcript } from '../../core/stages/stage.ts';
import { createSpeechBuffer } from './speech-buffer.ts';

/** New speech that is worth another partial transcript. */
const PARTIAL_SAMPLES = 0.5 * SPEECH_RATE_HZ;
/** Quiet after speech: most likely the pause that is about to be announced, so its transcript is begun now. */
const PAUSE_AHEAD_SAMPLES = 0.096 * SPEECH_RATE_HZ;
/** A cut is sought in the last part of a full window. */
const CUT_FROM = 0.6;

/** What was understood of a stretch: text without white space around it, and the mean probability of its tokens. */
export interface Recognised {
  text: string;
  confidence: number;
}

/** Recognises one stretch of audio no longer than a window. */
export type Decode = (samples: Float32Array, signal: AbortSignal) => Promise<Recognised>;

const NOTHING: Recognised = { text: '', confidence: 1 };

export interface LiveTranscriptDeps {
  decode: Decode;
  windowSamples: number;
  signal: AbortSignal;
  nowMs: () => number;
}

/** One utterance on its way from audio to text. */
export interface LiveTranscript {
  push(samples: Float32Array): void;
  /** Everything so far wants a settled transcript, before any partial one. */
  pause(): void;
  end(): void;
  /** Emits transcripts until the utterance has ended and all is told. @throws what `decode` throws. */
  run(emit: (transcript: Transcript) => void): Promise<void>;
}

/**
 * Decodes while audio arrives, one run at a time. A pause stops a running partial unless that already covers all that
 * was said. Partial runs take at most half of the time, so that on a slow device the settled transcript seldom has to
 * wait for one to notice that it was stopped. Speech longer than a window is cut at its quietest point; the text before the cut stays as it is.
 */
export function createLiveTranscript({
  decode,
  windowSamples,
  signal,
  nowMs,
}: LiveTranscriptDeps): LiveTranscript {
  const audio = createSpeechBuffer();
  /** Ends of the stretches that want a settled transcript. */
  const marks: number[] = [];
  let lastMark = 0;
  let ended = false;
  let wake = (): void => {};

  let tailStart = 0;
  let settled = NOTHING;
  let latest = { end: 0, recognised: NOTHING };
  let partial: { end: number; stop: AbortController } | undefined;
  let shown = '';
  let lastRunMs = 0;

  function mark(): void {
    marks.push(audio.end());
    lastMark = audio.end();
    if (partial && !audio.isQuiet(partial.end, lastMark)) partial.stop.abort();
    wake();
  }

  /** Text of everything up to `end`, reusing what a former run has covered. */
  async function recogniseUpTo(end: number, stop: AbortSignal): Promise<Recognised> {
    while (end - tailStart > windowSamples) {
      const cut = audio.quietestPoint(tailStart + CUT_FROM * windowSamples, tailStart + windowSamples);
      settled = join(settled, await decodeStretch(tailStart, cut, stop));
      tailStart = cut;
      latest = { end: cut, recognised: NOTHING };
      audio.dropBefore(cut);
    }
    if (!audio.isQuiet(latest.end, end))
      latest = { end, recognised: await decodeStretch(tailStart, end, stop) };
    return join(settled, latest.recognised);
  }

  async function decodeStretch(from: number, to: number, stop: AbortSignal): Promise<Recognised> {
    if (audio.isSilent(from, to)) return NOTHING;
    const startMs = nowMs();
    try {
      return await decode(audio.slice(from, to), stop);
    } finally {
      lastRunMs = nowMs() - startMs;
    }
  }

  function partialIsDue(): boolean {
    const end = audio.end();
    const fresh = end - latest.end;
    if (fresh < PAUSE_AHEAD_SAMPLES || audio.isQuiet(latest.end, end)) return false;
    const interval = Math.max(PARTIAL_SAMPLES, (lastRunMs / 1000) * SPEECH_RATE_HZ);
    return fresh >= interval || audio.isQuiet(end - PAUSE_AHEAD_SAMPLES, end);
  }

  async function runPartial(emit: (transcript: Transcript) => void): Promise<void> {
    const stop = new AbortController();
    partial = { end: audio.end(), stop };
    try {
      const recognised = await recogniseUpTo(partial.end, AbortSignal.any([signal, stop.signal]));
      if (recognised.text !== shown && marks.length === 0) emit({ ...recognised, settled: false });
      shown = recognised.text;
    } catch (error) {
      if (signal.aborted || !stop.signal.aborted) throw error;
    } finally {
      partial = undefined;
    }
  }

  return {
    push(samples) {
      audio.append(samples);
      wake();
    },
    pause: mark,
    end() {
      if (audio.end() > lastMark) mark();
      ended = true;
      wake();
    },
    async run(emit) {
      for (;;) {
        if (marks.length > 0) {
          const recognised = await recogniseUpTo(marks[0]!, signal);
          shown = recognised.text;
          marks.shift();
          emit({ ...recognised, settled: true });
        } else if (ended) {
          return;
        } else if (partialIsDue()) {
          await runPartial(emit);
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    },
  };
}

/** No surer than the less sure of both. */
function join(before: Recognised, after: Recognised): Recognised {
  const space = before.text !== '' && after.text !== '' ? ' ' : '';
  return {
    text: before.text + space + after.text,
    confidence: Math.min(before.confidence, after.confidence),
  };
}
