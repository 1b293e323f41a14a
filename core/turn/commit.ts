import { isStop } from '../text/phrases.ts';
import type { Reply, TurnState, Utterance, WorkAhead } from './state.ts';
import {
  answerNow,
  cancelTurn,
  canHear,
  joinTexts,
  newReply,
  requestReply,
  restOfAnswer,
  wordsAreComplete,
} from './reply-steps.ts';
import { continueReply, runHeldCalls } from './reduce-reply.ts';
import { atRest, step, andThen, withAside, withPhase } from './step.ts';
import type { Step } from './step.ts';

/**
 * The turn is taken. A speculative reply to exactly these words is kept and may sound now; any other is thrown away.
 * No words at all: nothing was said, nothing happens.
 */
function commit(before: TurnState, said: readonly Utterance[]): Step {
  const { asked: _answered, ...state } = before;
  const { phase } = state;
  const userText = joinTexts(said);
  const speculation = phase.name === 'deciding' ? phase.reply : undefined;
  if (asksForSilence(state, userText)) {
    return andThen(cancelTurn(state), (after) => step(atRest(withAside(after, userText))));
  }
  if (userText === '') return andThen(cancelTurn(state), (after) => step(atRest(after)));
  if (speculation === undefined) return answerNow(state, userText, said);
  if (speculation.userText !== userText) {
    return andThen(cancelTurn(state), (after) => answerNow(after, userText, said));
  }
  return keep(state, speculation);
}

/** What was begun ahead is the answer. */
function keep(state: TurnState, speculation: Reply): Step {
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
  const said = [...phase.earlier, phase.utterance];
  const userText = joinTexts(said);
  if (phase.reply?.userText === userText || userText === '') return step(state);
  if (asksForSilence(state, userText)) return step(state);
  const isHeard =
    phase.reply?.heard !== undefined && restOfAnswer(state, { userText, steps: [] }) === undefined;
  if (isHeard) return step(withPhase(state, { ...phase, reply: { ...phase.reply!, userText } }));
  const restarted = phase.reply === undefined ? step(state) : cancelTurn(state);
  return andThen(restarted, (after) => begin(withPhase(after, phase), newReply(userText, false, said), atMs));
}

/** Where the responder hears, an answer begins with the pause itself: the words are not waited for. */
export function speculateByEar(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.held !== undefined || phase.cuts === true) return step(state);
  const said = [...phase.earlier, phase.utterance];
  return canHear(said) ? begin(state, newReply('', false, said), atMs) : step(state);
}

function begin(state: TurnState, reply: Reply, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const requested = requestReply(state, reply, state.turn + 1);
  const begun = {
    ...requested.state,
    trace: { ...requested.state.trace, aheadMs: atMs },
    ahead: { ...state.ahead, started: state.ahead.started + 1 },
  };
  return step(withPhase(begun, { ...phase, reply }), requested.effect);
}

/** Takes the turn once the words of all its utterances are complete, or at once where their sound is the answer's. */
export function commitWhenSettled(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const said = [...phase.earlier, phase.utterance];
  if (!wordsAreComplete(phase)) {
    if (phase.reply?.heard === undefined) return step(state);
    const { asked: _answered, ...rest } = state;
    return keep(rest, { ...phase.reply, heard: said, userText: joinTexts(said) });
  }
  const done = said.map(({ id }) => ({ type: 'cancelTranscription', utterance: id }) as const);
  return andThen(step(state, ...done), (after) => commit(after, said));
}
