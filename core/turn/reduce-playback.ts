import type { TurnEvent } from './events.ts';
import type { Reply, TurnState } from './state.ts';
import { activeReply } from './state.ts';
import { finishTurn, heardSoFar, isComplete, updateClause, waitForProgress } from './reply-steps.ts';
import { step, andThen, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

function withReply(state: TurnState, reply: Reply): TurnState {
  const { phase } = state;
  return phase.name === 'thinking' || phase.name === 'speaking'
    ? withPhase(state, { ...phase, reply })
    : state;
}

export function clipReady(state: TurnState, event: Of<'clip.ready'>): Step {
  return step({ ...state, trace: { ...state.trace, firstChunkMs: state.trace.firstChunkMs ?? event.atMs } });
}

/** The first sound makes the phase `speaking`. */
export function clipStarted(state: TurnState, event: Of<'clip.started'>): Step {
  const { phase } = state;
  if (phase.name !== 'thinking' && phase.name !== 'speaking') return step(state);
  const reply = updateClause(phase.reply, event.clause, { state: 'playing' });
  const trace = { ...state.trace, firstAudibleMs: state.trace.firstAudibleMs ?? event.atMs };
  const speaking = withPhase({ ...state, trace }, { ...phase, name: 'speaking', reply });
  return phase.name === 'speaking'
    ? step(speaking, waitForProgress)
    : step(speaking, waitForProgress, { type: 'setPlayback', active: true });
}

export function clipProgress(state: TurnState, event: Of<'clip.progress'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  return step(withReply(state, updateClause(reply, event.clause, played(event))), waitForProgress);
}

export function clipEnded(state: TurnState, event: Of<'clip.ended'>): Step {
  const { durationMs } = event;
  return settleClause(state, event.clause, { state: 'heard', playedMs: durationMs, durationMs });
}

/** The voice failed: the clause is shown instead, and the person told once. */
export function clipFailed(state: TurnState, event: Of<'clip.failed'>): Step {
  const message = `The voice stopped working (${event.message}) The answer is shown as text.`;
  return settleClause(withNotice(state, event.code, message), event.clause, { state: 'shown' });
}

/** No sound any more: what was still to be said is shown. */
export function outputFailed(state: TurnState, event: Of<'output.failed'>): Step {
  const noticed = withNotice(state, event.error.code, `There is no sound: ${event.error.message}`);
  const reply = activeReply(state);
  if (reply === undefined || !reply.committed) return step(noticed);
  const clauses = reply.clauses.map((clause) => ({ ...clause, state: 'shown' as const }));
  const shown = { ...reply, clauses };
  return isComplete(shown) ? finishTurn(noticed, shown) : step(withReply(noticed, shown));
}

/** The exact position of a cut replaces the last progress report in the history. */
export function playbackStopped(state: TurnState, event: Of<'playback.stopped'>): Step {
  const { cut: _done, ...rest } = state;
  if (state.cut?.turn !== event.turn) return step(state);
  const trace =
    state.trace.bargeInOnsetMs === undefined ? state.trace : { ...state.trace, bargeInSilentMs: event.atMs };
  if (event.clause < 0) return step({ ...rest, trace });
  const reply = updateClause(state.cut.reply, event.clause, played(event));
  const history = state.history.map((exchange, position) =>
    position === state.cut?.position && exchange.answer !== undefined
      ? { ...exchange, answer: { ...exchange.answer, heard: heardSoFar(reply) } }
      : exchange,
  );
  return step({ ...rest, history, trace });
}

function played(event: { playedMs: number; durationMs?: number }): { playedMs: number; durationMs?: number } {
  const { playedMs, durationMs } = event;
  return durationMs === undefined ? { playedMs } : { playedMs, durationMs };
}

function settleClause(state: TurnState, clause: number, change: Parameters<typeof updateClause>[2]): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const updated = updateClause(reply, clause, change);
  const { phase } = state;
  if (phase.name === 'deciding') return step(withPhase(state, { ...phase, reply: updated }));
  return andThen(step(withReply(state, updated), waitForProgress), (after) =>
    isComplete(updated) ? finishTurn(after, updated) : step(after),
  );
}
