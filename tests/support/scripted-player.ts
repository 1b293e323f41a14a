import { durationMs } from '../../core/audio/pcm.ts';
import { createChannel } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import { toAppError } from '../../core/errors.ts';
import type { Clip, PlaybackEvent, Player } from '../../core/stages/player.ts';

const PROGRESS_MS = 50;

interface Track {
  clip: Clip;
  bufferedMs: number;
  complete: boolean;
  failed: boolean;
  startedMs: number | undefined;
  /** How far it had played when it was held. */
  heldMs?: number;
}

/** A loudspeaker on a clock: plays clips in order at their real length, and keeps a log of what could be heard. */
export interface ScriptedPlayer extends Player {
  /** Turn and clause of everything that sounded, in order. */
  readonly sounded: readonly { turn: number; clause: number; atMs: number }[];
  readonly ducked: boolean;
}

export function createScriptedPlayer(clock: Clock): ScriptedPlayer {
  const out = createChannel<PlaybackEvent>();
  const sounded: { turn: number; clause: number; atMs: number }[] = [];
  let tracks: Track[] = [];
  let released = -1;
  let ducked = false;
  let cancelTick: (() => void) | undefined;

  async function buffer(track: Track): Promise<void> {
    const { turn, clause } = track.clip;
    try {
      for await (const pcm of track.clip.audio) {
        if (!tracks.includes(track)) return;
        if (track.bufferedMs === 0) out.push({ type: 'clip.ready', turn, clause, atMs: clock.nowMs() });
        track.bufferedMs += durationMs(pcm);
        play();
      }
    } catch (error) {
      if (!tracks.includes(track)) return;
      track.failed = true;
      const { code, message } = toAppError(error);
      out.push({ type: 'clip.failed', turn, clause, code, message });
      tracks = tracks.filter((other) => other !== track);
    }
    track.complete = true;
    play();
  }

  function play(): void {
    cancelTick?.();
    const track = tracks[0];
    if (track === undefined || track.clip.turn !== released) return;
    if (track.bufferedMs === 0 && !track.complete) return;
    const { turn, clause } = track.clip;
    if (track.startedMs === undefined) {
      track.startedMs = clock.nowMs();
      sounded.push({ turn, clause, atMs: track.startedMs });
      out.push({ type: 'clip.started', turn, clause, atMs: track.startedMs });
    }
    const playedMs = Math.min(clock.nowMs() - track.startedMs, track.bufferedMs);
    if (track.complete && playedMs >= track.bufferedMs) {
      out.push({ type: 'clip.ended', turn, clause, durationMs: track.bufferedMs });
      tracks = tracks.slice(1);
      play();
      return;
    }
    out.push({ type: 'clip.progress', turn, clause, playedMs });
    cancelTick = clock.after(Math.max(1, Math.min(PROGRESS_MS, track.bufferedMs - playedMs)), play);
  }

  return {
    sounded,
    get ducked() {
      return ducked;
    },
    events: (signal) => {
      signal.addEventListener('abort', () => out.close(), { once: true });
      return out;
    },
    enqueue(clip) {
      const track: Track = { clip, bufferedMs: 0, complete: false, failed: false, startedMs: undefined };
      tracks.push(track);
      void buffer(track);
    },
    release(turn) {
      released = turn;
      const held = tracks.find((track) => track.clip.turn === turn && track.heldMs !== undefined);
      if (held?.heldMs !== undefined) {
        held.startedMs = clock.nowMs() - held.heldMs;
        delete held.heldMs;
        sounded.push({ turn, clause: held.clip.clause, atMs: clock.nowMs() });
      }
      play();
    },
    hold(turn) {
      cancelTick?.();
      const track = tracks.find((each) => each.clip.turn === turn && each.startedMs !== undefined);
      released = -1;
      const atMs = clock.nowMs();
      if (track?.startedMs === undefined) {
        out.push({ type: 'playback.held', turn, atMs, clause: -1, playedMs: 0 });
        return;
      }
      track.heldMs = Math.min(atMs - track.startedMs, track.bufferedMs);
      out.push({ type: 'playback.held', turn, atMs, clause: track.clip.clause, playedMs: track.heldMs });
    },
    stop(turn) {
      cancelTick?.();
      const playing = tracks.find((track) => track.clip.turn === turn && track.startedMs !== undefined);
      tracks = tracks.filter((track) => track.clip.turn !== turn);
      const atMs = clock.nowMs();
      const startedMs = playing?.startedMs;
      if (playing === undefined || startedMs === undefined) {
        out.push({ type: 'playback.stopped', turn, atMs, clause: -1, playedMs: 0 });
      } else {
        const playedMs = playing.heldMs ?? Math.min(atMs - startedMs, playing.bufferedMs);
        const whole = playing.complete ? { durationMs: playing.bufferedMs } : {};
        out.push({ type: 'playback.stopped', turn, atMs, clause: playing.clip.clause, playedMs, ...whole });
      }
      play();
    },
    duck() {
      ducked = true;
    },
    unduck() {
      ducked = false;
    },
  };
}
