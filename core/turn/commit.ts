import { isStop } from '../text/phrases.ts';
import type { TurnState, WorkAhead } from './state.ts';
import { answerNow, cancelTurn, joinTexts, newReply, requestReply, wordsAreComplete } from './reply-steps.ts';
import { continueReply, runHeldCalls } from './reduce-reply.ts';
import { atRest, step, andThen, withAside, withPhase } from './step.ts';
import type { Step } from './step.ts';

/**
 * The turn is taken. A speculative reply to exactly these words is kept and may sound now; any other is thrown away.
 * No words at all: nothing was said, nothing happens.
 */
function commit(before: TurnState, userText: string): Step {
  const { asked: _answered, ...state } = before;
  const { phase } = state;
  const speculation = phase.name === 'deciding' ? phase.reply : undefined;
  if (asksForSilence(state, userText)) {
    return andThen(cancelTurn(state), (after) => step(atRest(withAside(after, userText))));
  }
  if (userText === '') return andThen(cancelTurn(state), (after) => step(atRest(after)));
  if (speculation === undefined) return answerNow(state, userText);
  if (speculation.userText !== userText) {
    return andThen(cancelTurn(state), (after) => answerNow(after, userText));
  }
  const reply = { ...speculation, committed: true };
  const thinking = withPhase({ ...state, ahead: keptAhead(state) }, { name: 'thinking', reply });
  return andThen(andThen(step(thinking, { type: 'release', turn: state.turn }), runHeldCalls), continueReply);
}

/** "Stop", said to cut the assistant short: obeyed already, and nothing to answer. */
function asksForSilence({ phase, settings }: TurnState, userText: string): boolean {
  return phase.name === 'deciding' && phase.cuts === true && isStop(userText, settings.language);
}

/** The work was ahead by the time since it began, or the time it took where it was complete before. */
function keptAhead({ ahead, trace }: TurnState): WorkAhead {
  const { aheadMs, endpointMs, firstChunkMs } = trace;
  if (aheadMs === undefined || endpointMs === undefined) return ahead;
  const savedMs = Math.min(endpointMs, firstChunkMs ?? endpointMs) - aheadMs;
  return { ...ahead, kept: ahead.kept + 1, savedMs: ahead.savedMs + savedMs };
}

/** Begins an answer to words that may still go on; nobody hears of it before the commit. */
export function speculate(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const userText = joinTexts([...phase.earlier, phase.utterance]);
  if (phase.reply?.userText === userText || userText === '') return step(state);
  if (asksForSilence(state, userText)) return step(state);
  const restarted = phase.reply === undefined ? step(state) : cancelTurn(state);
  return andThen(restarted, (after) => {
    const reply = newReply(userText, false);
    const requested = requestReply(after, reply, after.turn + 1);
    const begun = {
      ...requested.state,
      trace: { ...requested.state.trace, aheadMs: atMs },
      ahead: { ...after.ahead, started: after.ahead.started + 1 },
    };
    return step(withPhase(begun, { ...phase, reply }), requested.effect);
  });
}

/** Takes the turn once the words of all its utterances are complete. */
export function commitWhenSettled(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  if (!wordsAreComplete(phase)) return step(state);
  const utterances = [...phase.earlier, phase.utterance];
  const done = utterances.map(({ id }) => ({ type: 'cancelTranscription', utterance: id }) as const);
  return andThen(step(state, ...done), (after) => commit(after, joinTexts(utterances)));
}
