import type { TurnEvent } from './events.ts';
import type { Reply, SpokenClause, TurnState } from './state.ts';
import { activeReply, withActiveReply } from './state.ts';
import { finishTurn, heardSoFar, isComplete, updateClause, waitForProgress } from './reply-steps.ts';
import { andThen, step, withNotice, withoutFailures, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

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
  if (phase.name === 'speaking') return step(speaking, waitForProgress);
  return step(withoutFailures(speaking), waitForProgress, { type: 'setPlayback', active: true });
}

export function clipProgress(state: TurnState, event: Of<'clip.progress'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const updated = heardUpTo(reply, event);
  return step(withSpoken(withActiveReply(state, updated), updated, event.atMs), waitForProgress);
}

export function clipEnded(state: TurnState, event: Of<'clip.ended'>): Step {
  const { durationMs } = event;
  const heard = { state: 'heard', playedMs: durationMs, durationMs } as const;
  const reply = activeReply(state);
  const spoken =
    reply === undefined ? state : withSpoken(state, updateClause(reply, event.clause, heard), event.atMs);
  return settleClause(spoken, event.clause, heard);
}

/** Keeps in mind what the loudspeaker says, to know it again when the microphone hears it. */
function withSpoken(state: TurnState, { clauses }: Reply, untilMs: number): TurnState {
  const sounded = clauses.filter((clause) => clause.state === 'playing' || clause.state === 'heard');
  return { ...state, spoken: { text: sounded.map(({ speech }) => speech).join(' '), untilMs } };
}

/** The voice failed: the clause is shown instead, and the person told once. */
export function clipFailed(state: TurnState, event: Of<'clip.failed'>): Step {
  const shown = { state: 'shown' } as const;
  if (activeReply(state)?.committed !== true) return settleClause(state, event.clause, shown);
  const message = `The voice stopped working (${event.message}) The answer is shown as text.`;
  return settleClause(withNotice(state, event.code, message), event.clause, shown);
}

/** The reply is silent and waits for what the interruption turns out to be. */
export function playbackHeld(state: TurnState, event: Of<'playback.held'>): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const timed =
    state.heldTrace === undefined
      ? state
      : { ...state, heldTrace: { ...state.heldTrace, bargeInSilentMs: event.atMs } };
  return step(event.clause < 0 ? timed : withActiveReply(timed, heardUpTo(reply, event)));
}

/** The exact position of a cut replaces the last progress report in the history. */
export function playbackStopped(state: TurnState, event: Of<'playback.stopped'>): Step {
  const { cut: _done, ...rest } = state;
  if (state.cut?.turn !== event.turn) return step(state);
  if (event.clause < 0) return step(rest);
  const reply = heardUpTo(state.cut.reply, event);
  const history = state.history.map((exchange, position) =>
    position === state.cut?.position && exchange.answer !== undefined
      ? { ...exchange, answer: { ...exchange.answer, heard: heardSoFar(reply) } }
      : exchange,
  );
  return step({ ...rest, history });
}

/** A position in one clause says that all clauses before it were heard, also where word of their end is still to come. */
function heardUpTo(reply: Reply, at: { clause: number; playedMs: number; durationMs?: number }): Reply {
  const { clause: position, playedMs, durationMs } = at;
  const playing = { state: 'playing', playedMs, ...(durationMs !== undefined && { durationMs }) } as const;
  const clauses = reply.clauses.map((clause, index): SpokenClause => {
    if (clause.state === 'heard' || clause.state === 'shown' || index > position) return clause;
    return index < position ? { ...clause, state: 'heard' } : { ...clause, ...playing };
  });
  return { ...reply, clauses };
}

function settleClause(state: TurnState, clause: number, change: Parameters<typeof updateClause>[2]): Step {
  const reply = activeReply(state);
  if (reply === undefined) return step(state);
  const updated = updateClause(reply, clause, change);
  const settled = withActiveReply(state, updated);
  if (!updated.committed) return step(settled);
  return andThen(step(settled, waitForProgress), (after) =>
    isComplete(updated) ? finishTurn(after, updated) : step(after),
  );
}
