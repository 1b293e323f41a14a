import type { TurnEvent } from './events.ts';
import { silenceBeforeTurn } from './patience.ts';
import { joinTexts, wordsAreComplete } from './reply-steps.ts';
import type { Phase, TurnState } from './state.ts';
import { step, withPhase } from './step.ts';
import type { Step } from './step.ts';
import { takeTurn } from './take-turn.ts';

type Deciding = Extract<Phase, { name: 'deciding' }>;

/**
 * Silence after which this pause ends the turn. A verdict that may still change never shortens the wait of a pause that
 * nobody has judged: it could take a turn that the rest of the evidence would not.
 */
function silenceMs({ settings, speaker }: TurnState, { judged }: Deciding): number {
  const { pace, minSilenceMs } = settings.listening;
  const options = { pace, speaker, softPauseMs: minSilenceMs };
  const unknownMs = silenceBeforeTurn(undefined, options);
  if (judged === undefined) return unknownMs;
  const judgedMs = silenceBeforeTurn(judged.probability, options);
  return judged.final ? judgedMs : Math.max(unknownMs, judgedMs);
}

/** Waits for the rest of the silence, or takes the turn where it is over. */
export function waitForEndpoint(state: TurnState, atMs: number): Step {
  const { phase, trace } = state;
  if (phase.name !== 'deciding' || phase.due) return step(state);
  const leftMs = silenceMs(state, phase) - (atMs - (trace.speechEndMs ?? atMs));
  if (leftMs <= 0) return takeTurn(state, atMs);
  return step(state, { type: 'wait', wait: 'endpoint', ms: leftMs });
}

/** The turn detector has said how complete the turn is at this pause. */
export function turnJudged(state: TurnState, event: Extract<TurnEvent, { type: 'turn.judged' }>): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.due) return step(state);
  if (phase.utterance.id !== event.utterance || phase.utterance.pauses !== event.pauses) return step(state);
  const { probability, final } = event;
  return waitForEndpoint(withPhase(state, { ...phase, judged: { probability, final } }), event.atMs);
}

/** Once all words up to the pause are known, the turn detector is told. */
export function judgeWords(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.due || !wordsAreComplete(phase)) return step(state);
  return step(state, { type: 'judgeWords', words: joinTexts([...phase.earlier, phase.utterance]) });
}
