import type { Settings } from '../settings/settings.ts';

export type Pace = Settings['listening']['pace'];

interface Patience {
  /** Silence that takes a turn of which nobody knows whether it is complete. */
  unknownMs: number;
  /** Silence that takes any turn. */
  longestMs: number;
  /** Log odds of completeness from which a turn is taken at the soft pause. */
  sureLogit: number;
}

/** Chosen with the starter models on `npm run bench:turns`, which prints what each of the three costs. */
const PATIENCE: Record<Pace, Patience> = {
  quick: { unknownMs: 450, longestMs: 1800, sureLogit: 0.2 },
  balanced: { unknownMs: 600, longestMs: 3000, sureLogit: 1 },
  patient: { unknownMs: 1000, longestMs: 4000, sureLogit: 2.2 },
};

/** Silence added for each unit of log odds that is missing to be sure. */
const MS_PER_LOGIT = 600;

/** Middle of the pauses within sentences that people make; what a speaker's own pauses are compared with. */
const TYPICAL_PAUSE_MS = 700;
/** A speaker's habit stretches or shrinks the wait by at most so much. */
const HABIT = { least: 0.7, most: 1.5 } as const;
/** Share of each new pause in what is known of the speaker. */
const LEARNING_RATE = 0.25;
/** Longer silences are no pauses of one sentence. */
const LONGEST_PAUSE_MS = 3000;

/** How long this person pauses within a turn, in milliseconds; a moving average that begins at the typical pause. */
export const TYPICAL_SPEAKER = { pauseMs: TYPICAL_PAUSE_MS } as const;
export interface Speaker {
  readonly pauseMs: number;
}

/** The speaker went on after `silenceMs`. */
export function learnPause({ pauseMs }: Speaker, silenceMs: number): Speaker {
  const heard = Math.min(LONGEST_PAUSE_MS, Math.max(0, silenceMs));
  return { pauseMs: pauseMs + LEARNING_RATE * (heard - pauseMs) };
}

/**
 * Silence since the end of speech, in milliseconds, after which the turn is taken. The expected cost of waiting grows
 * with the odds that the person has finished, that of cutting in with the odds that they have not: so the wait falls in
 * a line with the log odds, from `longestMs` to nothing beyond the soft pause.
 * @param probability that the person has finished, 0…1; undefined while nobody knows
 */
export function silenceBeforeTurn(
  probability: number | undefined,
  { pace, speaker, softPauseMs }: { pace: Pace; speaker: Speaker; softPauseMs: number },
): number {
  const { unknownMs, longestMs, sureLogit } = PATIENCE[pace];
  if (probability === undefined) return Math.max(softPauseMs, unknownMs);
  const habit = Math.min(HABIT.most, Math.max(HABIT.least, speaker.pauseMs / TYPICAL_PAUSE_MS));
  const missing = Math.max(0, sureLogit - logit(probability));
  return Math.max(softPauseMs, Math.min(longestMs, softPauseMs + missing * MS_PER_LOGIT * habit));
}

/** Silence that takes a turn in any case. */
export function longestSilenceMs(pace: Pace): number {
  return PATIENCE[pace].longestMs;
}

function logit(probability: number): number {
  const inside = Math.min(0.999, Math.max(0.001, probability));
  return Math.log(inside / (1 - inside));
}
