import { AppError, toAppError } from '../errors.ts';
import { assertPcm, type Pcm } from './pcm.ts';
import { createResampler, type Resampler } from './resampler.ts';
import { createSampleFifo } from './sample-fifo.ts';

/** Longest chunk accepted at once: a clause takes seconds. */
const MAX_CHUNK_SECONDS = 300;

/** Where a clip's audio comes from; each `next` asks for one chunk. */
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
  /** Chunks asked for that have not come. */
  pending: number;
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
  /** Adds audio. A chunk that cannot be played, or of another rate than the first, fails the clip. */
  add(pcm: Pcm): void;
  /** No more audio comes; with a `failure` when the source broke. */
  finish(failure?: AppError): void;
  /** Samples that arrived, at the rate of the loudspeaker. */
  totalSamples(): number;
  /** Whether `read` has something to give. */
  ready(): boolean;
  /** Moves up to `count` samples to `out`; answers with how many there were. Allocates nothing. */
  read(out: Float32Array, offset: number, count: number): number;
}

/** Samples resampled at a time, while they are played: a whole clause at once would stop the audio thread. */
const BLOCK_SAMPLES = 128;

export function createPlaybackClip(
  turn: number,
  clause: number,
  source: ClipSource,
  rateHz: number,
): PlaybackClip {
  const arrived = createSampleFifo();
  const raw = new Float32Array(BLOCK_SAMPLES);
  let resampler: Resampler | undefined;
  let clipRateHz = rateHz;
  let arrivedSamples = 0;
  /** Resampled samples, from `first` on up to `end`. */
  let block = new Float32Array(0);
  let first = 0;
  let end = 0;
  let flushed = false;

  function ready(): boolean {
    while (first === end && resampler !== undefined && !flushed) {
      first = 0;
      if (arrived.length > 0) {
        end = resampler.pushInto(raw, block, arrived.read(raw, 0, BLOCK_SAMPLES));
      } else if (clip.complete) {
        block = resampler.flush();
        end = block.length;
        flushed = true;
      } else {
        end = 0;
        return false;
      }
    }
    return first < end;
  }

  function accept(pcm: Pcm): void {
    assertPcm(pcm, MAX_CHUNK_SECONDS);
    if (resampler === undefined) {
      resampler = createResampler(pcm.rateHz, rateHz);
      clipRateHz = pcm.rateHz;
      block = new Float32Array(resampler.maxOutput(BLOCK_SAMPLES));
    }
    if (pcm.rateHz !== clipRateHz) {
      throw new AppError('audio.invalid', 'The voice changed its sample rate in the middle of a sentence.');
    }
    arrived.write(pcm.samples);
    arrivedSamples += pcm.samples.length;
  }

  const clip: PlaybackClip = {
    turn,
    clause,
    source,
    pending: 0,
    complete: false,
    flowing: false,
    starved: false,
    playedSamples: 0,
    unreported: 0,
    swellLeft: 0,
    add(pcm) {
      clip.pending--;
      try {
        accept(pcm);
      } catch (error) {
        source.cancel();
        clip.finish(toAppError(error));
      }
    },
    finish(failure) {
      clip.complete = true;
      if (failure) clip.failure = failure;
    },
    totalSamples: () => Math.ceil((arrivedSamples * rateHz) / clipRateHz),
    ready,
    read(out, offset, count) {
      let done = 0;
      while (done < count && ready()) out[offset + done++] = block[first++]!;
      return done;
    },
  };
  return clip;
}
