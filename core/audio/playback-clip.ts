import { AppError, toAppError } from '../errors.ts';
import { assertPcm, type Pcm } from './pcm.ts';
import { createResampler, type Resampler } from './resampler.ts';
import { createSampleFifo, type SampleFifo } from './sample-fifo.ts';

/** Longest chunk accepted at once: a clause takes seconds. */
const MAX_CHUNK_SECONDS = 300;

/** Where a clip's audio comes from; it is asked for one chunk at a time. */
export interface ClipSource {
  next(): void;
  /** Nothing more is wanted. */
  cancel(): void;
}

/** A clip in the playback queue: its audio at the rate of the loudspeaker, and how far it was played. */
export interface PlaybackClip {
  readonly turn: number;
  readonly clause: number;
  readonly source: ClipSource;
  readonly fifo: SampleFifo;
  /** A chunk was asked for and has not come. */
  pending: boolean;
  /** All audio has arrived, or the source failed. */
  complete: boolean;
  failure?: AppError;
  /** Sounding, or about to without a further wait. */
  flowing: boolean;
  /** Ran dry before it was complete. */
  starved: boolean;
  playedSamples: number;
  /** Samples since the last progress report. */
  unreported: number;
  /** Samples left of the ramp after a gap. */
  swellLeft: number;
  /** Adds audio of any rate. A chunk that cannot be played fails the clip. */
  add(pcm: Pcm): void;
  /** No more audio comes; with a `failure` when the source broke. */
  finish(failure?: AppError): void;
}

export function createPlaybackClip(
  turn: number,
  clause: number,
  source: ClipSource,
  rateHz: number,
): PlaybackClip {
  const fifo = createSampleFifo();
  let resampler: Resampler | undefined;
  let clipRateHz = 0;

  const clip: PlaybackClip = {
    turn,
    clause,
    source,
    fifo,
    pending: false,
    complete: false,
    flowing: false,
    starved: false,
    playedSamples: 0,
    unreported: 0,
    swellLeft: 0,
    add(pcm) {
      clip.pending = false;
      try {
        assertPcm(pcm, MAX_CHUNK_SECONDS);
        if (resampler === undefined || clipRateHz !== pcm.rateHz) {
          if (resampler) fifo.write(resampler.flush());
          resampler = createResampler(pcm.rateHz, rateHz);
          clipRateHz = pcm.rateHz;
        }
        fifo.write(resampler.push(pcm.samples));
      } catch (error) {
        source.cancel();
        clip.finish(toAppError(error));
      }
    },
    finish(failure) {
      clip.pending = false;
      clip.complete = true;
      if (failure) clip.failure = failure;
      if (resampler) fifo.write(resampler.flush());
    },
  };
  return clip;
}
