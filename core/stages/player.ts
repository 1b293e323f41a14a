import type { Pcm } from '../audio/pcm.ts';

/** A clause on its way to the loudspeaker. */
export interface Clip {
  turn: number;
  /** Position of the clause in the reply, from 0. */
  clause: number;
  audio: AsyncIterable<Pcm>;
}

/** `atMs` is the session's clock at the moment the samples leave the loudspeaker, output latency included. */
export type PlaybackEvent =
  /** The first samples of the clip have arrived; they may still be held back. */
  | { type: 'clip.ready'; turn: number; clause: number; atMs: number }
  | { type: 'clip.started'; turn: number; clause: number; atMs: number }
  /** Sent at least every 100 ms while a clip plays. `durationMs` once its whole audio has arrived. */
  | { type: 'clip.progress'; turn: number; clause: number; playedMs: number; durationMs?: number }
  /** `durationMs` is the clip's whole length. */
  | { type: 'clip.ended'; turn: number; clause: number; durationMs: number }
  | { type: 'clip.failed'; turn: number; clause: number; code: string; message: string }
  /** Playback is silent since `atMs`. `clause` and `playedMs` tell how far the person heard; −1 when nothing played. */
  | {
      type: 'playback.stopped';
      turn: number;
      atMs: number;
      clause: number;
      playedMs: number;
      durationMs?: number;
    }
  /** After `hold`: silent since `atMs`, everything kept. */
  | {
      type: 'playback.held';
      turn: number;
      atMs: number;
      clause: number;
      playedMs: number;
      durationMs?: number;
    }
  | { type: 'underrun'; turn: number; count: number };

/** The loudspeaker. Clips of one turn play in the order of their clauses. */
export interface Player {
  events(signal: AbortSignal): AsyncIterable<PlaybackEvent>;
  /** Buffers the clip; it sounds only once its turn is released. */
  enqueue(clip: Clip): void;
  /** Lets the clips of this turn sound, those queued and those to come; one that was held goes on where it stopped. */
  release(turn: number): void;
  /** Silences this turn within 10 ms and keeps its clips and position; answers with `playback.held`. */
  hold(turn: number): void;
  /** Silences and forgets this turn's clips within 10 ms; answers with `playback.stopped`. */
  stop(turn: number): void;
  /** Lowers the volume while it is unclear whether the person interrupts. */
  duck(): void;
  unduck(): void;
}
