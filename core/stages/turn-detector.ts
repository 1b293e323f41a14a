import type { Pcm } from '../audio/pcm.ts';
import type { Stage } from './stage.ts';

/** Sound that a detector hears of a turn: what Smart Turn models were trained on. */
export const TURN_AUDIO_SECONDS = 8;

/** What is known of a pause in somebody's speech. */
export interface Pause {
  /**
   * The end of what was said, the silence of the pause included: one piece of at most 8 seconds, 16 kHz mono. Nobody else
   * reads it.
   */
  audio: AsyncIterable<Pcm>;
  /** All words of the turn up to the pause, again each time they are known better; the settled ones are the last. */
  words: AsyncIterable<string>;
  /** BCP-47 primary tag of what is spoken, such as "en"; English when absent. */
  language?: string;
}

/** Tells a pause for thought from the end of a turn. */
export interface TurnDetector extends Stage {
  /**
   * Yields the probability, 0…1, that the speaker has finished; again each time that more is known. Ends when nothing
   * more can be learned of this pause.
   * @throws AppError `audio.invalid`, `engine.failed`, `worker.died`, `aborted`.
   */
  judge(pause: Pause, signal: AbortSignal): AsyncIterable<number>;
}
