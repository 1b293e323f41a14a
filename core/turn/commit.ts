import type { TurnState } from './state.ts';
import { answerNow, cancelTurn, joinTexts, newReply, requestReply } from './reply-steps.ts';
import { continueReply, runHeldCalls } from './reduce-reply.ts';
import { atRest, step, andThen, withPhase } from './step.ts';
import type { Step } from './step.ts';

/**
 * The turn is taken. A speculative reply to exactly these words is kept and may sound now; any other is thrown away.
 * No words at all: nothing was said, nothing happens.
 */
function commit(state: TurnState, userText: string): Step {
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

/** Begins an answer to words that may still go on; nobody hears of it before the commit. */
export function speculate(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const userText = joinTexts([...phase.earlier, phase.utterance]);
  if (phase.reply?.userText === userText || userText === '') return step(state);
  const restarted = phase.reply === undefined ? step(state) : cancelTurn(state);
  return andThen(restarted, (after) => {
    const reply = newReply(userText, false);
    const requested = requestReply(after, reply, after.turn + 1);
    return step(withPhase(requested.state, { ...phase, reply }), requested.effect);
  });
}

/** Takes the turn once the words of all its utterances are complete. */
export function commitWhenSettled(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const utterances = [...phase.earlier, phase.utterance];
  if (!utterances.every((utterance) => utterance.settled)) return step(state);
  const done = utterances.map(({ id }) => ({ type: 'cancelTranscription', utterance: id }) as const);
  return andThen(step(state, ...done), (after) => commit(after, joinTexts(utterances)));
}
