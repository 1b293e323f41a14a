import type { TurnEvent } from './events.ts';
import type { Reply, TurnState, Utterance } from './state.ts';
import { activeReply, withActiveReply } from './state.ts';
import { afterReply, cancelTurn, heardSoFar, joinTexts } from './reply-steps.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';

type Words = Extract<TurnEvent, { type: 'transcript.updated' }>;

/**
 * Words of what was answered by its sound arrive while the answer is given, or after it: they are shown and remembered.
 * Where there were none, it was no turn, and an answer that nobody has heard yet is taken back.
 */
export function lateWords(state: TurnState, event: Words): Step {
  const reply = activeReply(state);
  if (reply?.committed === true && awaits(reply.heard, event)) return toReply(state, reply, event);
  return awaits(state.wordless?.heard, event) ? toHistory(state, event) : step(state);
}

function awaits(heard: readonly Utterance[] | undefined, { utterance }: Words): boolean {
  return heard?.some(({ id, settled }) => id === utterance && !settled) === true;
}

function told(heard: readonly Utterance[], { utterance, text, pauses }: Words): readonly Utterance[] {
  return heard.map((each) =>
    each.id === utterance && !each.settled ? { ...each, text, settled: pauses >= each.pauses } : each,
  );
}

const isSettled = (heard: readonly Utterance[]): boolean => heard.every(({ settled }) => settled);

function toReply(state: TurnState, reply: Reply, event: Words): Step {
  const heard = told(reply.heard ?? [], event);
  const userText = joinTexts(heard);
  const updated = withActiveReply(state, { ...reply, heard, userText });
  const { phase } = state;
  const isFree = phase.name === 'thinking' || phase.name === 'speaking';
  const unheard = reply.steps.length === 0 && heardSoFar(reply) === '';
  if (!isSettled(heard) || userText !== '' || !isFree || !unheard) return step(updated);
  return andThen(cancelTurn(updated), (after) =>
    step(afterReply(after), { type: 'unduck' }, { type: 'setPlayback', active: false }),
  );
}

function toHistory(state: TurnState, event: Words): Step {
  const { wordless, ...rest } = state;
  if (wordless === undefined) return step(state);
  const { position } = wordless;
  const heard = told(wordless.heard, event);
  const history = state.history.map((exchange, index) =>
    index === position ? { ...exchange, user: joinTexts(heard) } : exchange,
  );
  return step(isSettled(heard) ? { ...rest, history } : { ...rest, history, wordless: { heard, position } });
}
