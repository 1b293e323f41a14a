import { toMessages } from '../chat/history.ts';
import type { TurnEvent } from './events.ts';
import type { Reply, TurnState, Utterance } from './state.ts';
import { isDeaf } from './state.ts';
import { commitWhenSettled, speculateByEar } from './commit.ts';
import { takeTurn } from './take-turn.ts';
import { forget, resumeHeld, settleHeld } from './interruption.ts';
import { waitForEndpoint } from './judgement.ts';
import { learnPause } from './patience.ts';
import { cancelTurn, heardSoFar, waitForProgress } from './reply-steps.ts';
import { andThen, atRest, step, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** Stands for words whose audio is gone. */
const NO_UTTERANCE = -1;

/** First sign of speech: a new utterance, or a possible interruption that only ducks for now. */
export function speechStarted(state: TurnState, event: Of<'speech.started'>): Step {
  const { utterance: id, speechMs: sinceMs } = event;
  if (!state.open || isDeaf(state)) return step(state, { type: 'closeUtterance', utterance: id });
  const { hears } = event;
  const utterance: Utterance = { id, sinceMs, text: '', pauses: 0, settled: false, ...(hears && { hears }) };
  const transcribe = { type: 'transcribe', utterance: id } as const;
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(
        withPhase(state, { name: 'hearing', earlier: [], utterance, confirmed: false }),
        transcribe,
        { type: 'prepare', messages: toMessages(state.history) },
      );
    case 'hearing':
      return step(
        withPhase(state, { ...phase, utterance, confirmed: false }),
        ...forget([phase.utterance]),
        transcribe,
      );
    case 'deciding': {
      // The person goes on before the words of the last utterance were complete: both are one turn.
      const earlier = [...phase.earlier, phase.utterance];
      const { held } = phase;
      return andThen(held ? step(state) : cancelTurn(state), (after) =>
        step(
          withPhase(wentOn(after, sinceMs), {
            name: 'hearing',
            earlier,
            utterance,
            confirmed: false,
            ...overReply(phase),
          }),
          { type: 'cancelWait', wait: 'endpoint' },
          { type: 'closeUtterance', utterance: phase.utterance.id },
          transcribe,
        ),
      );
    }
    case 'thinking':
    case 'speaking':
      return step(
        withPhase(
          { ...state, trace: { ...state.trace, bargeInOnsetMs: sinceMs } },
          { ...phase, interruption: utterance },
        ),
        transcribe,
        { type: 'duck' },
      );
  }
}

/** Speech is real: the assistant falls silent, and the words decide what becomes of its reply. */
export function speechConfirmed(state: TurnState, event: Of<'speech.confirmed'>): Step {
  const { phase } = state;
  if (phase.name === 'hearing' && phase.utterance.id === event.utterance) {
    return step(withPhase(state, { ...phase, confirmed: true }));
  }
  if (phase.name !== 'thinking' && phase.name !== 'speaking') return step(state);
  if (phase.interruption?.id !== event.utterance) return step(state);
  const { reply, interruption } = phase;
  const hearing = { name: 'hearing', utterance: interruption, confirmed: true } as const;
  const unanswered =
    phase.name === 'thinking' &&
    reply.steps.length === 0 &&
    reply.runningCalls.length === 0 &&
    heardSoFar(reply) === '';
  if (unanswered) {
    // The person adds to what was said: both make one user turn.
    const { hears: _own, ...words } = interruption;
    const question = { ...words, id: NO_UTTERANCE, text: reply.userText, settled: true };
    const earlier = reply.heard ?? [question];
    return andThen(cancelTurn(wentOn(state, interruption.sinceMs)), (after) =>
      step(withPhase(after, { ...hearing, earlier }), { type: 'unduck' }),
    );
  }
  const silenced = step(
    withPhase({ ...state, heldTrace: state.trace }, { ...hearing, earlier: [], held: reply }),
    { type: 'hold', turn: state.turn },
    { type: 'setPlayback', active: false },
  );
  return andThen(silenced, settleHeld);
}

/** It was a click or a cough: whatever went on goes on. */
export function speechMisfired(state: TurnState, event: Of<'speech.misfire'>): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'hearing':
      return phase.utterance.id === event.utterance ? dropUtterance(state) : step(state);
    case 'thinking':
    case 'speaking':
      return phase.interruption?.id === event.utterance ? dropUtterance(state) : step(state);
    default:
      return step(state);
  }
}

/**
 * What is being heard does not count. A reply that it ducked or silenced goes on, and words that were said before it
 * still get their answer.
 */
export function dropUtterance(state: TurnState): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(state);
    case 'hearing':
    case 'deciding': {
      const utterance = phase.earlier.at(-1);
      if (utterance === undefined && phase.held !== undefined) return resumeHeld(state);
      const effects = [...forget([phase.utterance]), { type: 'cancelWait', wait: 'endpoint' } as const];
      const quiet = andThen(phase.held ? step(state) : cancelTurn(state), (after) => step(after, ...effects));
      if (utterance === undefined) return andThen(quiet, (after) => step(atRest(after)));
      const earlier = phase.earlier.slice(0, -1);
      const deciding = { name: 'deciding', earlier, utterance, due: true } as const;
      const { held } = phase;
      const waiting = andThen(quiet, (after) =>
        step(withPhase(after, held ? { ...deciding, held } : deciding), waitForProgress),
      );
      return andThen(waiting, held ? settleHeld : commitWhenSettled);
    }
    case 'thinking':
    case 'speaking': {
      if (phase.interruption === undefined) return step(state);
      const { interruption, ...rest } = phase;
      const { bargeInOnsetMs: _onset, ...trace } = state.trace;
      return step(withPhase({ ...state, trace }, rest), ...forget([interruption]), { type: 'unduck' });
    }
  }
}

/** Soft pause: work on the answer begins, nothing is committed. */
export function speechPaused(state: TurnState, event: Of<'speech.paused'>): Step {
  const { phase } = state;
  if (phase.name !== 'hearing' || phase.utterance.id !== event.utterance) return step(state);
  const { id: utterance, pauses } = phase.utterance;
  const paused = pauseHearing(state, event.speechMs, event.atMs);
  const asked = step(paused, { type: 'judge', utterance, pauses: pauses + 1 });
  return andThen(
    andThen(asked, (after) => speculateByEar(after, event.atMs)),
    (after) => waitForEndpoint(after, event.atMs),
  );
}

/** What an utterance did to the reply that it was said over: it stays with it from hearing to deciding and back. */
function overReply({ held, cuts }: { held?: Reply; cuts?: true }): { held?: Reply; cuts?: true } {
  return { ...(held && { held }), ...(cuts && { cuts }) };
}

/** The person has gone on after a pause, which tells how long this one pauses. */
function wentOn(state: TurnState, atMs: number): TurnState {
  const { speechEndMs } = state.trace;
  if (speechEndMs === undefined) return state;
  return { ...state, speaker: learnPause(state.speaker, atMs - speechEndMs) };
}

/** From hearing to deciding: speech ended at `speechMs`, which became known at `atMs`. */
function pauseHearing(state: TurnState, speechMs: number, atMs: number): TurnState {
  const { phase } = state;
  if (phase.name !== 'hearing') return state;
  const { earlier } = phase;
  const utterance = { ...phase.utterance, pauses: phase.utterance.pauses + 1, settled: false };
  return withPhase(
    { ...state, trace: { turn: state.turn, speechEndMs: speechMs, pauseMs: atMs } },
    { name: 'deciding', earlier, utterance, due: false, ...overReply(phase) },
  );
}

/**
 * The person was only thinking: the work begun is thrown away. Once the turn is due its audio is closed, and word of a
 * resumption can only be late: going on then is a new utterance.
 */
export function speechResumed(state: TurnState, event: Of<'speech.resumed'>): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.due || phase.utterance.id !== event.utterance) return step(state);
  const { earlier, utterance, held } = phase;
  const hearing = { name: 'hearing', earlier, utterance, confirmed: true, ...overReply(phase) } as const;
  return andThen(held ? step(state) : cancelTurn(state), (after) =>
    step(withPhase(wentOn(after, event.speechMs), hearing), { type: 'cancelWait', wait: 'endpoint' }),
  );
}

/** The audio of the utterance is over, by the longest wait or the longest utterance. */
export function speechEnded(state: TurnState, event: Of<'speech.ended'>): Step {
  const { phase } = state;
  if (phase.name !== 'hearing' && phase.name !== 'deciding') return step(state);
  return phase.utterance.id === event.utterance
    ? endUtterance(state, event.speechMs, event.atMs)
    : step(state);
}

/** Takes the turn with what was said until now, pause or not. */
export function endUtterance(state: TurnState, speechMs: number, atMs: number): Step {
  return takeTurn(pauseHearing(state, speechMs, atMs), atMs);
}
