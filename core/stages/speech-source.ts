import type { Pcm } from '../audio/pcm.ts';
import type { UtterancePart } from './stage.ts';

/**
 * What the microphone and voice activity detection tell the conversation. Times are on the session's monotonic clock,
 * in milliseconds; `atMs` is when the fact became known, `speechMs` when it acoustically happened.
 */
export type SpeechEvent =
  /** First frame over the threshold. `audio` begins with the speech pad before it. */
  | {
      type: 'speech.started';
      utterance: number;
      atMs: number;
      speechMs: number;
      audio: AsyncIterable<UtterancePart>;
    }
  /** Speech lasted long enough to be believed. */
  | { type: 'speech.confirmed'; utterance: number; atMs: number }
  /**
   * Soft pause: silence for the minimum time. `speechMs` is the end of the last speech frame; `audio` is what a turn
   * detector hears: the last 8 seconds of the utterance up to now, in one piece.
   */
  | { type: 'speech.paused'; utterance: number; atMs: number; speechMs: number; audio: AsyncIterable<Pcm> }
  /** The person goes on within the same utterance. */
  | { type: 'speech.resumed'; utterance: number; atMs: number; speechMs: number }
  /** Silence for the longest wait, or the longest utterance reached: the audio stream has ended. */
  | { type: 'speech.ended'; utterance: number; atMs: number; speechMs: number }
  /** Too short to have been speech: forget it. */
  | { type: 'speech.misfire'; utterance: number; atMs: number };

export interface SpeechSource {
  /** Runs until the signal fires. @throws AppError `mic.denied`, `mic.missing`, `mic.lost`, `mic.insecure`, `worker.died`. */
  events(signal: AbortSignal): AsyncIterable<SpeechEvent>;
  /** The conversation has taken this utterance: its audio ends, and what is said next is a new one. */
  close(utterance: number): void;
  /** While muted no frame is looked at and an open utterance becomes a misfire. */
  setMuted(muted: boolean): void;
  /** While the assistant speaks, a higher bar keeps its echo from counting as speech. */
  setPlayback(active: boolean): void;
}
