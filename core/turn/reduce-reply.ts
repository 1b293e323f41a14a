import type { TurnEvent } from './events.ts';
import type { Phase, Reply, SpokenClause, TurnState, Utterance } from './state.ts';
import { activeReply, withActiveReply } from './state.ts';
import {
  cancelTurn,
  cutReply,
  finishTurn,
  isComplete,
  requestReply,
  waitForProgress,
} from './reply-steps.ts';
import { cutHeld, forget } from './interruption.ts';
import { atRest, step, andThen, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** A model that keeps calling tools is stopped after this many rounds. */
export const MAX_TOOL_ROUNDS = 4;

export function replyDelta(state: TurnState, event: Of<'reply.delta'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const trace = { ...state.trace, firstTokenMs: state.trace.firstTokenMs ?? event.atMs };
  const updated = withActiveReply({ ...state, trace }, { ...reply, text: reply.text + event.text });
  return reply.committed ? step(updated, waitForProgress) : step(updated);
}

/** A clause is complete: it is spoken, or only shown where there is nothing to say aloud. */
export function replyClause(state: TurnState, event: Of<'reply.clause'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const voiced = event.clause.speech !== '' && !state.settings.captionsOnly;
  const index = reply.clauses.length;
  const { voice } = state.settings;
  const clause: SpokenClause = {
    ...event.clause,
    state: voiced ? 'queued' : 'shown',
    playedMs: 0,
    speed: voice.speed,
  };
  const trace = voiced
    ? { ...state.trace, firstClauseMs: state.trace.firstClauseMs ?? event.atMs }
    : state.trace;
  const updated = withActiveReply({ ...state, trace }, { ...reply, clauses: [...reply.clauses, clause] });
  if (!voiced) return step(updated);
  return step(updated, { type: 'speak', turn: state.turn, clause: index, text: event.clause.speech, voice });
}

/** A tool that changes something in the world waits until the turn is taken. */
export function replyToolCall(state: TurnState, event: Of<'reply.toolCall'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  if (event.sideEffect && !reply.committed) {
    return step(withActiveReply(state, { ...reply, heldCalls: [...reply.heldCalls, event.call] }));
  }
  const updated = withActiveReply(state, { ...reply, runningCalls: [...reply.runningCalls, event.call] });
  return step(updated, { type: 'runTool', turn: state.turn, call: event.call });
}

/** At the commit: what was held back is done now. */
export function runHeldCalls(state: TurnState): Step {
  const reply = activeReply(state);
  if (reply === undefined || reply.heldCalls.length === 0) return step(state);
  const { heldCalls } = reply;
  const running = { ...reply, heldCalls: [], runningCalls: [...reply.runningCalls, ...heldCalls] };
  return step(
    withActiveReply(state, running),
    ...heldCalls.map((call) => ({ type: 'runTool', turn: state.turn, call }) as const),
  );
}

export function toolFinished(state: TurnState, event: Of<'tool.finished'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const { call, content } = event;
  const updated: Reply = {
    ...reply,
    runningCalls: reply.runningCalls.filter((running) => running.id !== call.id),
    steps: [
      ...reply.steps,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', callId: call.id, name: call.name, content },
    ],
  };
  return andThen(step(withActiveReply(state, updated)), continueReply);
}

export function replyEnded(state: TurnState, _event: Of<'reply.ended'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  return andThen(step(withActiveReply(state, { ...reply, ended: true })), continueReply);
}

/** Asks the model again once its round has ended and every tool has answered; finishes when nothing is left. */
export function continueReply(state: TurnState): Step {
  const reply = activeReply(state);
  if (reply === undefined || !reply.ended || reply.runningCalls.length > 0 || reply.heldCalls.length > 0) {
    return step(state);
  }
  if (reply.steps.length > reply.stepsAsked) {
    if (reply.rounds < MAX_TOOL_ROUNDS) return nextRound(state, reply);
    return reply.committed ? giveUp(state, reply) : step(state);
  }
  if (reply.text.trim() === '') return reply.committed ? giveUp(state, reply) : step(state);
  return isComplete(reply) ? finishTurn(state, reply) : step(state);
}

/** Text that more text may follow. */
function spaced(text: string): string {
  return text === '' || /\s$/.test(text) ? text : `${text} `;
}

function spacedLast(clauses: readonly SpokenClause[]): readonly SpokenClause[] {
  const last = clauses.at(-1);
  return last === undefined ? clauses : [...clauses.slice(0, -1), { ...last, text: spaced(last.text) }];
}

/** The same turn goes on with the tools' results: held speech stays held, released speech stays released. */
function nextRound(state: TurnState, reply: Reply): Step {
  const apart = { ...reply, text: spaced(reply.text), clauses: spacedLast(reply.clauses) };
  const next = { ...apart, ended: false, rounds: reply.rounds + 1, stepsAsked: reply.steps.length };
  const requested = requestReply(state, next, state.turn);
  const updated = withActiveReply(requested.state, next);
  return reply.committed ? step(updated, requested.effect, waitForProgress) : step(updated, requested.effect);
}

function giveUp(state: TurnState, reply: Reply): Step {
  const noticed = withNotice(
    state,
    'engine.failed',
    'I have no answer to that. Please say it in another way.',
  );
  const last = { ...reply, stepsAsked: reply.steps.length };
  return isComplete(last) ? finishTurn(noticed, last) : step(withActiveReply(noticed, last));
}

/** What was already said may finish; the person is told that the rest is missing. */
export function replyFailed(state: TurnState, event: Of<'reply.failed'>): Step {
  const reply = activeReply(state);
  const noticed = withNotice(state, event.error.code, event.error.message);
  if (reply === undefined) return step(noticed);
  if (!reply.committed) {
    // Nobody waits for it yet: the commit asks again.
    const { phase } = state;
    if (phase.name !== 'deciding') return step(noticed);
    const { reply: failed, ...rest } = phase;
    const words = failed?.heard === undefined ? rest : withoutSound(rest);
    return andThen(cancelTurn(state), (after) => step(withPhase(after, words)));
  }
  // A rest of text that never became a clause was not said.
  const text = reply.clauses.map((clause) => clause.text).join('');
  const ended = { ...reply, text, ended: true, heldCalls: [], runningCalls: [] };
  if (isComplete(ended)) return finishTurn(noticed, ended);
  return step(withActiveReply(noticed, ended));
}

/** What the model could not make of the sound, it is asked by the words. */
function withoutSound(phase: Extract<Phase, { name: 'deciding' }>): Phase {
  const silent = ({ hears: _sound, ...utterance }: Utterance): Utterance => utterance;
  return { ...phase, earlier: phase.earlier.map(silent), utterance: silent(phase.utterance) };
}

/** No sign of life for too long: the turn is given up in words, what was heard is kept. */
export function progressTimedOut(state: TurnState): Step {
  const { phase } = state;
  const message = 'That took too long, so I stopped. Please try again.';
  const noticed = withNotice(state, 'engine.timeout', message);
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(state);
    case 'hearing':
      return cutHeld(noticed);
    case 'deciding':
      return andThen(phase.held ? cutReply(noticed, phase.held) : cancelTurn(noticed), (after) =>
        step(
          atRest(after),
          { type: 'cancelWait', wait: 'endpoint' },
          ...forget([...phase.earlier, phase.utterance]),
        ),
      );
    case 'thinking':
    case 'speaking':
      return andThen(cutReply(noticed, phase.reply), (after) => step(atRest(after)));
  }
}
