import { toMessages } from '../chat/history.ts';
import { isGoOn } from '../text/phrases.ts';
import type { Exchange } from '../chat/history.ts';
import { heardText } from './heard.ts';
import type { Effect } from './effects.ts';
import type { Reply, SpokenClause, TurnState, Utterance } from './state.ts';
import { atRest, step, andThen, withPhase } from './step.ts';
import type { Step } from './step.ts';

/** Longest silence of the recogniser or the language model before the turn is given up. */
export const PROGRESS_TIMEOUT_MS = 60_000;

/** What a model is asked. */
type Asked = Pick<Extract<Effect, { type: 'reply' }>, 'messages' | 'sound'>;

/** Words of several utterances that make up one user turn. */
export function joinTexts(parts: readonly { text: string }[]): string {
  return parts
    .map((part) => part.text.trim())
    .filter((text) => text !== '')
    .join(' ');
}

/** Everything said up to the pause is known. */
export function wordsAreComplete({
  earlier,
  utterance,
}: {
  earlier: readonly Utterance[];
  utterance: Utterance;
}): boolean {
  return utterance.settled && earlier.every(({ settled }) => settled);
}

/** Whether what was said can be answered by its sound. */
export function canHear(said: readonly Utterance[]): boolean {
  return said.length > 0 && said.every(({ hears }) => hears === true);
}

/** Asks for an answer to `userText`, or to the sound of `said`; phase and commitment are the caller's business. */
export function newReply(userText: string, committed: boolean, said: readonly Utterance[] = []): Reply {
  const heard = canHear(said) ? { heard: said } : {};
  return {
    userText,
    ...heard,
    text: '',
    clauses: [],
    steps: [],
    heldCalls: [],
    runningCalls: [],
    rounds: 0,
    stepsAsked: 0,
    ended: false,
    committed,
  };
}

/** Asks the model for `reply` under the number `turn`; marks of earlier attempts leave the trace. */
export function requestReply(
  state: TurnState,
  reply: Reply,
  turn: number,
): { state: TurnState; effect: Effect } {
  const { firstTokenMs: _token, firstClauseMs: _clause, firstChunkMs: _chunk, ...trace } = state.trace;
  const rest = restOfAnswer(state, reply);
  return {
    state: { ...state, turn, trace: { ...trace, turn } },
    effect:
      rest === undefined
        ? { type: 'reply', turn, ...askedOf(state, reply) }
        : { type: 'recite', turn, text: rest },
  };
}

/** The conversation up to what is to be answered. A sound is a message of its own, also where its words are not known. */
function askedOf({ history }: TurnState, { userText, heard, steps }: Reply): Asked {
  if (heard === undefined) return { messages: toMessages([...history, { user: userText, steps }]) };
  const before = toMessages(history);
  const utterances = heard.map(({ id, pauses }) => ({ utterance: id, pauses }));
  return {
    messages: [...before, { role: 'user', content: userText }, ...steps],
    sound: { message: before.length, utterances },
  };
}

/** What was left to say of the answer that the person cut short and now wants to hear. */
export function restOfAnswer(
  { history, settings }: TurnState,
  { userText, steps }: Pick<Reply, 'userText' | 'steps'>,
): string | undefined {
  if (steps.length > 0 || !isGoOn(userText, settings.language)) return undefined;
  const answer = history.findLast(({ aside }) => aside !== true)?.answer;
  const rest = answer?.interrupted === true ? answer.text.slice(answer.heard.length).trim() : '';
  return rest === '' ? undefined : rest;
}

/** The model or the loudspeaker gave a sign of life. */
export const waitForProgress = { type: 'wait', wait: 'progress', ms: PROGRESS_TIMEOUT_MS } as const;

/** Begins a committed turn for words that are complete: typed, or spoken and settled. */
export function answerNow(state: TurnState, userText: string, said: readonly Utterance[] = []): Step {
  const reply = newReply(userText, true, said);
  const requested = requestReply(state, reply, state.turn + 1);
  return step(withPhase(requested.state, { name: 'thinking', reply }), requested.effect, waitForProgress, {
    type: 'release',
    turn: requested.state.turn,
  });
}

/** Throws the running work away; whatever still arrives from it is stale. */
export function cancelTurn(state: TurnState): Step {
  const { phase, ahead } = state;
  const wasted = phase.name === 'deciding' && phase.reply !== undefined ? 1 : 0;
  const { aheadMs: _ahead, ...trace } = state.trace;
  return step(
    { ...state, trace, turn: state.turn + 1, ahead: { ...ahead, wasted: ahead.wasted + wasted } },
    { type: 'cancelTurn', turn: state.turn },
    { type: 'cancelWait', wait: 'progress' },
  );
}

/** What the person has heard of a reply so far: nothing after the first clause that is still to be said. */
export function heardSoFar(reply: Reply): string {
  let heard = '';
  for (const clause of reply.clauses) {
    if (clause.state === 'playing')
      heard += heardText(clause, clause.playedMs, clause.durationMs, clause.speed);
    if (clause.state === 'playing' || clause.state === 'queued') break;
    heard += clause.text;
  }
  return heard.trim();
}

export function updateClause(reply: Reply, index: number, change: Partial<SpokenClause>): Reply {
  return {
    ...reply,
    clauses: reply.clauses.map((clause, position) =>
      position === index ? { ...clause, ...change } : clause,
    ),
  };
}

/** Adds the exchange to the history; `interrupted` when part of the answer was not heard. */
export function remember(state: TurnState, reply: Reply, interrupted: boolean): TurnState {
  const heard = interrupted ? heardSoFar(reply) : reply.text.trim();
  const exchange: Exchange = { user: reply.userText, steps: reply.steps };
  const answered = reply.text.trim() !== '';
  const { heldTrace, ...rest } = state;
  const { heard: sound } = reply;
  const awaitsWords = sound?.some(({ settled }) => !settled) === true;
  return {
    ...rest,
    ...(awaitsWords && { wordless: { heard: sound, position: state.history.length } }),
    lastTrace: heldTrace ?? state.trace,
    history: [
      ...state.history,
      answered ? { ...exchange, answer: { text: reply.text.trim(), heard, interrupted } } : exchange,
    ],
  };
}

/** Silences a committed reply and keeps what was heard of it. The player reports the exact position later. */
export function cutReply(state: TurnState, reply: Reply): Step {
  const remembered = {
    ...remember(state, reply, true),
    cut: { turn: state.turn, reply, position: state.history.length },
  };
  return andThen(cancelTurn(remembered), (after) =>
    step(after, { type: 'unduck' }, { type: 'setPlayback', active: false }),
  );
}

/** True once everything that will be said has been said or shown. */
export function isComplete(reply: Reply): boolean {
  return (
    reply.committed &&
    reply.ended &&
    reply.heldCalls.length === 0 &&
    reply.runningCalls.length === 0 &&
    reply.clauses.every((clause) => clause.state === 'heard' || clause.state === 'shown')
  );
}

/** Where the conversation stands when a reply is over: an interruption under way becomes the next utterance. */
export function afterReply(state: TurnState): TurnState {
  const { phase } = state;
  if (phase.name === 'hearing' || phase.name === 'deciding') {
    const { held: _finished, ...rest } = phase;
    return withPhase(state, rest);
  }
  const interruption =
    phase.name === 'thinking' || phase.name === 'speaking' ? phase.interruption : undefined;
  return interruption === undefined
    ? atRest(state)
    : withPhase(state, { name: 'hearing', earlier: [], utterance: interruption, confirmed: false });
}

/** Ends a turn whose reply is complete: an interruption under way becomes the next utterance. */
export function finishTurn(state: TurnState, reply: Reply): Step {
  const remembered = { ...remember(state, reply, false), turn: state.turn + 1 };
  const next = afterReply(remembered);
  const due = next.phase.name === 'deciding' && next.phase.due;
  return step(
    next,
    due ? waitForProgress : { type: 'cancelWait', wait: 'progress' },
    { type: 'unduck' },
    { type: 'setPlayback', active: false },
  );
}
