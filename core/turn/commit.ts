import type { TurnState } from './state.ts';
import { answerNow, cancelTurn } from './reply-steps.ts';
import { continueReply, runHeldCalls } from './reduce-reply.ts';
import { atRest, step, andThen, withPhase } from './step.ts';
import type { Step } from './step.ts';

/**
 * The turn is taken. A speculative reply to exactly these words is kept and may sound now; any other is thrown away.
 * No words at all: nothing was said, nothing happens.
 */
export function commit(state: TurnState, userText: string): Step {
  const { phase } = state;
  const speculation = phase.name === 'deciding' ? phase.reply : undefined;
  if (userText === '') return andThen(cancelTurn(state), (after) => step(atRest(after)));
  if (speculation === undefined) return answerNow(state, userText);
  if (speculation.userText !== userText) {
    return andThen(cancelTurn(state), (after) => answerNow(after, userText));
  }
  const reply = { ...speculation, committed: true };
  const thinking = withPhase(state, { name: 'thinking', reply });
  return andThen(andThen(step(thinking, { type: 'release', turn: state.turn }), runHeldCalls), continueReply);
}
