import type { AppError } from '../errors.ts';
import type { PlaybackEvent } from '../stages/player.ts';
import type { Pcm } from './pcm.ts';
import { createPlaybackClip, type ClipSource, type PlaybackClip } from './playback-clip.ts';

/** Audio that must be there before a clip sounds, unless it is shorter: bridges the jitter of a busy synthesiser. */
const START_MS = 60;
/** Audio held in advance; beyond it no source is asked for more. */
const MAX_BUFFERED_MS = 10_000;
/** Chunks asked for ahead, so that a busy thread in between costs no gap. */
const CREDIT = 16;
/** Fade at a stop and after a gap: long enough to be no click, short enough to be silence at once. */
const FADE_MS = 5;
const PROGRESS_MS = 50;
/** Ducking lowers the voice by 15 dB: still there, and no longer in the way. */
const DUCKED_GAIN = 10 ** (-15 / 20);
const DUCK_RAMP_MS = 10;
/** What is left of the last sample after each sample of a gap: 60 dB down in 5 ms at 48 kHz. */
const TAIL_DECAY = 0.97;
const INAUDIBLE = 1e-6;

type AtFrame<Event> = Event extends { atMs: number } ? Omit<Event, 'atMs'> & { frame: number } : Event;

/** `PlaybackEvent` with `frame` for `atMs`: the sample of the loudspeaker's clock at which it happened. */
export type QueueEvent = AtFrame<PlaybackEvent>;

/** How the audio of an enqueued clip arrives. After a stop it leads nowhere. */
export interface ClipInput {
  value(pcm: Pcm): void;
  done(): void;
  error(failure: AppError): void;
}

/** The queue of the loudspeaker; see `Player` for the meaning of its methods. */
export interface PlaybackQueue {
  enqueue(turn: number, clause: number, source: ClipSource): ClipInput;
  release(turn: number): void;
  hold(turn: number): void;
  stop(turn: number): void;
  duck(active: boolean): void;
  /** Fills `out` with what sounds from sample `frame` on. Allocates nothing but its events. */
  render(out: Float32Array, frame: number): void;
}

/**
 * Plays clips in the order of turns and clauses at `rateHz`. Sources are drained one after another, so that a
 * synthesiser works on one clause at a time. A clip that runs dry in its middle is an `underrun` (counted within its
 * turn): it waits until 60 ms are there again. Turns count upwards; a stopped turn and those before it are over, and
 * clips that still come for them are cancelled.
 */
export function createPlaybackQueue(rateHz: number, emit: (event: QueueEvent) => void): PlaybackQueue {
  const toSamples = (ms: number): number => Math.round((ms * rateHz) / 1000);
  const toMs = (samples: number): number => (samples / rateHz) * 1000;
  const startSamples = toSamples(START_MS);
  const fadeSamples = toSamples(FADE_MS);
  const progressSamples = toSamples(PROGRESS_MS);
  const duckStep = (1 - DUCKED_GAIN) / toSamples(DUCK_RAMP_MS);

  let clips: PlaybackClip[] = [];
  let releasedTurn = -1;
  let stoppedTurn = -1;
  /** This turn is silent until it is released again. */
  let heldTurn = -1;
  /** The clip that fades out, and the samples this still takes. */
  let fading: PlaybackClip | undefined;
  let fadeLeft = 0;
  /** The clip that sounded last. */
  let heard: PlaybackClip | undefined;
  let underruns = 0;
  let underrunTurn = -1;
  let duckTarget = 1;
  let duckGain = 1;
  let lastSample = 0;
  let now = 0;

  function durationOf(clip: PlaybackClip): { durationMs?: number } {
    return clip.complete ? { durationMs: toMs(clip.totalSamples()) } : {};
  }

  function waiting(clip: PlaybackClip): number {
    return clip.totalSamples() - clip.playedSamples;
  }

  function pull(): void {
    let buffered = 0;
    for (const clip of clips) {
      buffered += waiting(clip);
      if (clip.complete) continue;
      if (buffered >= toSamples(MAX_BUFFERED_MS)) return;
      for (; clip.pending < CREDIT; clip.pending++) clip.source.next();
      return;
    }
  }

  function enqueue(turn: number, clause: number, source: ClipSource): ClipInput {
    const clip = createPlaybackClip(turn, clause, source, rateHz);
    if (turn <= stoppedTurn) {
      source.cancel();
    } else {
      clips.push(clip);
      clips.sort((a, b) => a.turn - b.turn || a.clause - b.clause);
      pull();
    }
    function accept(change: () => void): void {
      if (!clips.includes(clip) || clip.complete) return;
      change();
      pull();
    }
    let announced = false;
    return {
      value: (pcm) =>
        accept(() => {
          if (clip.starved) countUnderrun(clip);
          clip.add(pcm);
          if (announced || clip.failure) return;
          announced = true;
          emit({ type: 'clip.ready', turn, clause, frame: now });
        }),
      done: () => accept(() => clip.finish()),
      error: (failure) => accept(() => clip.finish(failure)),
    };
  }

  function stop(turn: number): void {
    // Stopped already: its clip is gone and only fades out.
    if (fading?.turn === turn && !clips.includes(fading)) return;
    stoppedTurn = Math.max(stoppedTurn, turn);
    const over = clips.filter((clip) => clip.turn <= turn);
    for (const clip of over) if (!clip.complete) clip.source.cancel();
    const sounding = over.find((clip) => clip.flowing);
    clips = clips.filter((clip) => clip.turn > turn);
    if (sounding?.turn === turn) {
      if (fading !== sounding) fadeLeft = fadeSamples;
      fading = sounding;
    } else {
      reportSilence('playback.stopped', turn, now);
    }
  }

  function hold(turn: number): void {
    if (heldTurn === turn || turn <= stoppedTurn) return;
    heldTurn = turn;
    const sounding = clips.find((clip) => clip.turn === turn && clip.flowing);
    if (sounding === undefined) {
      reportSilence('playback.held', turn, now);
    } else {
      fading = sounding;
      fadeLeft = fadeSamples;
    }
  }

  function reportSilence(type: 'playback.stopped' | 'playback.held', turn: number, frame: number): void {
    const at = { type, turn, frame } as const;
    if (heard?.turn !== turn) emit({ ...at, clause: -1, playedMs: 0 });
    else emit({ ...at, clause: heard.clause, playedMs: toMs(heard.playedSamples), ...durationOf(heard) });
  }

  function play(clip: PlaybackClip, out: Float32Array, at: number): number {
    const count = clip.read(out, at, clip === fading ? Math.min(fadeLeft, out.length - at) : out.length - at);
    for (let n = at; n < at + count; n++) {
      let gain = 1;
      if (clip.swellLeft > 0) gain -= clip.swellLeft-- / fadeSamples;
      if (clip === fading) gain *= --fadeLeft / fadeSamples;
      out[n] = out[n]! * gain;
    }
    clip.playedSamples += count;
    clip.unreported += count;
    heard = clip;
    return count;
  }

  function maySound({ turn }: PlaybackClip): boolean {
    return turn <= releasedTurn && turn !== heldTurn;
  }

  /** The clip to sound now; waits, gaps and ends are settled on the way. */
  function sounding(frame: number): PlaybackClip | undefined {
    for (let clip = clips[0]; clip !== undefined && maySound(clip); clip = clips[0]) {
      if (clip.flowing && clip.ready()) return clip;
      if (clip.flowing && !clip.complete) {
        clip.flowing = false;
        clip.starved = true;
        return undefined;
      }
      if (clip.complete && !clip.ready()) {
        clips.shift();
        reportEnd(clip);
        continue;
      }
      if (!clip.complete && waiting(clip) < startSamples) return undefined;
      clip.flowing = true;
      if (clip.playedSamples > 0) clip.swellLeft = fadeSamples;
      else emit({ type: 'clip.started', turn: clip.turn, clause: clip.clause, frame });
    }
    return undefined;
  }

  /** Audio that comes late proves that the gap was in the middle of the clip, not its end. */
  function countUnderrun(clip: PlaybackClip): void {
    clip.starved = false;
    underruns = underrunTurn === clip.turn ? underruns + 1 : 1;
    underrunTurn = clip.turn;
    emit({ type: 'underrun', turn: clip.turn, count: underruns });
  }

  function reportEnd(clip: PlaybackClip): void {
    const { turn, clause, failure } = clip;
    if (failure) emit({ type: 'clip.failed', turn, clause, code: failure.code, message: failure.message });
    else emit({ type: 'clip.ended', turn, clause, durationMs: toMs(clip.playedSamples) });
  }

  function reportProgress(clip: PlaybackClip): void {
    if (clip.unreported < progressSamples) return;
    clip.unreported = 0;
    const { turn, clause } = clip;
    emit({ type: 'clip.progress', turn, clause, playedMs: toMs(clip.playedSamples), ...durationOf(clip) });
  }

  function fadeOut(clip: PlaybackClip, out: Float32Array, frame: number): number {
    const count = play(clip, out, 0);
    if (fadeLeft > 0 && clip.ready()) return count;
    fading = undefined;
    if (clips.includes(clip)) clip.flowing = false;
    reportSilence(clip.flowing ? 'playback.stopped' : 'playback.held', clip.turn, frame + count);
    return count;
  }

  function render(out: Float32Array, frame: number): void {
    now = frame;
    let at = fading ? fadeOut(fading, out, frame) : 0;
    while (at < out.length && fading === undefined) {
      const clip = sounding(frame + at);
      if (clip === undefined) break;
      at += play(clip, out, at);
      reportProgress(clip);
    }
    if (at > 0) lastSample = out[at - 1]!;
    for (; at < out.length; at++) out[at] = lastSample *= TAIL_DECAY;
    if (Math.abs(lastSample) < INAUDIBLE) lastSample = 0;
    for (let n = 0; n < out.length; n++) {
      duckGain =
        duckGain > duckTarget
          ? Math.max(duckTarget, duckGain - duckStep)
          : Math.min(duckTarget, duckGain + duckStep);
      out[n] = out[n]! * duckGain;
    }
    pull();
  }

  return {
    enqueue,
    hold,
    stop,
    render,
    release(turn) {
      releasedTurn = Math.max(releasedTurn, turn);
      if (heldTurn === turn) heldTurn = -1;
    },
    duck(active) {
      duckTarget = active ? DUCKED_GAIN : 1;
    },
  };
}
