import type { TurnEvent } from './events.ts';
import type { TurnState, Utterance } from './state.ts';
import { isDeaf } from './state.ts';
import { commit } from './commit.ts';
import { forget, resumeHeld, settleHeld, withoutEcho } from './interruption.ts';
import { cancelTurn, heardSoFar, joinTexts, newReply, requestReply, waitForProgress } from './reply-steps.ts';
import { andThen, atRest, step, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** Stands for words whose audio is gone. */
const NO_UTTERANCE = -1;

/** First sign of speech: a new utterance, or a possible interruption that only ducks for now. */
export function speechStarted(state: TurnState, event: Of<'speech.started'>): Step {
  const { utterance: id, speechMs: sinceMs } = event;
  if (!state.open || isDeaf(state)) return step(state, { type: 'closeUtterance', utterance: id });
  const utterance: Utterance = { id, sinceMs, text: '', pauses: 0, settled: false };
  const transcribe = { type: 'transcribe', utterance: id } as const;
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(
        withPhase(state, { name: 'hearing', earlier: [], utterance, confirmed: false }),
        transcribe,
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
          withPhase(after, { name: 'hearing', earlier, utterance, confirmed: false, ...(held && { held }) }),
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
    const question = { ...interruption, id: NO_UTTERANCE, text: reply.userText, settled: true };
    return andThen(cancelTurn(state), (after) =>
      step(withPhase(after, { ...hearing, earlier: [question] }), { type: 'unduck' }),
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
  const remainingMs = Math.max(0, state.settings.listening.endpointMs - (event.atMs - event.speechMs));
  return step(pauseHearing(state, event.speechMs, event.atMs), {
    type: 'wait',
    wait: 'endpoint',
    ms: remainingMs,
  });
}

/** From hearing to deciding: speech ended at `speechMs`, which became known at `atMs`. */
function pauseHearing(state: TurnState, speechMs: number, atMs: number): TurnState {
  const { phase } = state;
  if (phase.name !== 'hearing') return state;
  const { earlier, held } = phase;
  const utterance = { ...phase.utterance, pauses: phase.utterance.pauses + 1, settled: false };
  return withPhase(
    { ...state, trace: { turn: state.turn, speechEndMs: speechMs, pauseMs: atMs } },
    { name: 'deciding', earlier, utterance, due: false, ...(held && { held }) },
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
  const hearing = { name: 'hearing', earlier, utterance, confirmed: true, ...(held && { held }) } as const;
  return andThen(held ? step(state) : cancelTurn(state), (after) =>
    step(withPhase(after, hearing), { type: 'cancelWait', wait: 'endpoint' }),
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

/** The silence was long enough: answer, or wait for the words that are still missing. */
export function takeTurn(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.due) return step(state);
  const due = withPhase({ ...state, trace: { ...state.trace, endpointMs: atMs } }, { ...phase, due: true });
  return andThen(
    step(
      due,
      { type: 'cancelWait', wait: 'endpoint' },
      { type: 'closeUtterance', utterance: phase.utterance.id },
      waitForProgress,
    ),
    phase.held ? settleHeld : commitWhenSettled,
  );
}

/** Words arrive. Settled words of a pause start a speculative reply, or complete a turn that is due. */
export function transcriptUpdated(state: TurnState, event: Of<'transcript.updated'>): Step {
  const { phase } = state;
  const update = (utterance: Utterance): Utterance => {
    if (utterance.id !== event.utterance || utterance.settled) return utterance;
    const text = withoutEcho(state, utterance, event.text);
    return { ...utterance, text, settled: utterance.pauses > 0 && event.pauses >= utterance.pauses };
  };
  switch (phase.name) {
    case 'hearing': {
      const earlier = phase.earlier.map(update);
      const utterance = { ...update(phase.utterance), settled: false };
      return settleHeld(withPhase(state, { ...phase, earlier, utterance }));
    }
    case 'deciding': {
      const earlier = phase.earlier.map(update);
      const updated = withPhase(state, { ...phase, earlier, utterance: update(phase.utterance) });
      return andThen(settleHeld(updated), (judged) => afterWords(judged, event.atMs));
    }
    case 'thinking':
    case 'speaking':
      return phase.interruption === undefined
        ? step(state)
        : step(withPhase(state, { ...phase, interruption: update(phase.interruption) }));
    default:
      return step(state);
  }
}

/** Recognition broke: the words are lost, the conversation is not. */
export function recognitionFailed(state: TurnState, event: Of<'recognition.failed'>): Step {
  const { phase } = state;
  const noticed = withNotice(state, event.error.code, event.error.message);
  switch (phase.name) {
    case 'hearing':
    case 'deciding': {
      if (phase.utterance.id === event.utterance) return dropUtterance(noticed);
      // Words said before go on with what was understood of them.
      const earlier = phase.earlier.map((each) =>
        each.id === event.utterance ? { ...each, settled: true } : each,
      );
      const updated = withPhase(noticed, { ...phase, earlier });
      return andThen(settleHeld(updated), (judged) => afterWords(judged, event.atMs));
    }
    case 'thinking':
    case 'speaking':
      return phase.interruption?.id === event.utterance ? dropUtterance(noticed) : step(noticed);
    default:
      return step(noticed);
  }
}

/** Once the words are complete and the person's: begin the answer, or give it where the turn is due. */
function afterWords(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.held !== undefined) return step(state);
  if (![...phase.earlier, phase.utterance].every((each) => each.settled)) return step(state);
  const timed = { ...state, trace: { ...state.trace, transcriptMs: state.trace.transcriptMs ?? atMs } };
  return phase.due ? commitWhenSettled(timed) : speculate(timed);
}

function speculate(state: TurnState): Step {
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

function commitWhenSettled(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  const utterances = [...phase.earlier, phase.utterance];
  if (!utterances.every((utterance) => utterance.settled)) return step(state);
  const done = utterances.map(({ id }) => ({ type: 'cancelTranscription', utterance: id }) as const);
  return andThen(step(state, ...done), (after) => commit(after, joinTexts(utterances)));
}
