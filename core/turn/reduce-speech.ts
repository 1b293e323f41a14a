import type { TurnEvent } from './events.ts';
import type { TurnState, Utterance } from './state.ts';
import { isDeaf } from './state.ts';
import { cutHeld, resumeHeld, settleHeld, withoutEcho } from './interruption.ts';
import { cancelTurn, joinTexts, newReply, requestReply, waitForProgress } from './reply-steps.ts';
import { commit } from './commit.ts';
import { atRest, step, andThen, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** Stands for words whose audio is gone. */
const NO_UTTERANCE = -1;

/** First sign of speech: a new utterance, or a possible interruption that only ducks for now. */
export function speechStarted(state: TurnState, event: Of<'speech.started'>): Step {
  if (!state.open || isDeaf(state))
    return step(state, { type: 'closeUtterance', utterance: event.utterance });
  const utterance: Utterance = {
    id: event.utterance,
    sinceMs: event.speechMs,
    text: '',
    pauses: 0,
    settled: false,
  };
  const transcribe = { type: 'transcribe', utterance: event.utterance } as const;
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(
        withPhase(state, { name: 'hearing', earlier: [], utterance, confirmed: false }),
        transcribe,
      );
    case 'hearing':
      return step(withPhase(state, { ...phase, utterance, confirmed: false }), transcribe, {
        type: 'cancelTranscription',
        utterance: phase.utterance.id,
      });
    case 'deciding': {
      // The person goes on before the words of the last utterance were complete: both are one turn.
      const earlier = [...phase.earlier, phase.utterance];
      return andThen(phase.held ? cutHeld(state) : cancelTurn(state), (after) =>
        step(
          withPhase(after, { name: 'hearing', earlier, utterance, confirmed: false }),
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
          { ...state, trace: { ...state.trace, bargeInOnsetMs: event.speechMs } },
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
  if (phase.name === 'thinking' && reply.steps.length === 0) {
    // Nothing was answered yet: the person adds to what was said, so both make one user turn.
    const unanswered = { ...interruption, id: NO_UTTERANCE, text: reply.userText, settled: true };
    return andThen(cancelTurn(state), (after) =>
      step(withPhase(after, { ...hearing, earlier: [unanswered] }), { type: 'unduck' }),
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
  const cancel = { type: 'cancelTranscription', utterance: event.utterance } as const;
  if (phase.name === 'hearing' && phase.utterance.id === event.utterance) {
    if (phase.held) return resumeHeld(state);
    if (phase.earlier.length === 0) return step(atRest(state), cancel);
    // What was said before the cough still waits for its answer.
    const earlier = phase.earlier.slice(0, -1);
    const utterance = phase.earlier.at(-1) as Utterance;
    return andThen(
      step(withPhase(state, { name: 'deciding', earlier, utterance, due: true }), cancel, waitForProgress),
      commitWhenSettled,
    );
  }
  if (phase.name !== 'thinking' && phase.name !== 'speaking') return step(state);
  if (phase.interruption?.id !== event.utterance) return step(state);
  const { interruption: _misfired, ...rest } = phase;
  return step(withPhase(state, rest), cancel, { type: 'unduck' });
}

function paused(utterance: Utterance): Utterance {
  return { ...utterance, pauses: utterance.pauses + 1, settled: false };
}

/** Soft pause: work on the answer begins, nothing is committed. */
export function speechPaused(state: TurnState, event: Of<'speech.paused'>): Step {
  const { phase } = state;
  if (phase.name !== 'hearing' || phase.utterance.id !== event.utterance) return step(state);
  const { earlier, utterance, held } = phase;
  const remainingMs = Math.max(0, state.settings.listening.endpointMs - (event.atMs - event.speechMs));
  return step(
    withPhase(
      { ...state, trace: { turn: state.turn, speechEndMs: event.speechMs, pauseMs: event.atMs } },
      { name: 'deciding', earlier, utterance: paused(utterance), due: false, ...(held && { held }) },
    ),
    { type: 'wait', wait: 'endpoint', ms: remainingMs },
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
  if (phase.name === 'hearing' && phase.utterance.id === event.utterance) {
    const { earlier, utterance, held } = phase;
    const trace = { turn: state.turn, speechEndMs: event.speechMs, pauseMs: event.atMs };
    const deciding = {
      name: 'deciding',
      earlier,
      utterance: paused(utterance),
      due: false,
      ...(held && { held }),
    } as const;
    return takeTurn({ ...withPhase(state, deciding), trace }, event.atMs);
  }
  if (phase.name === 'deciding' && phase.utterance.id === event.utterance) return takeTurn(state, event.atMs);
  return step(state);
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
    commitWhenSettled,
  );
}

/** Words arrive. Settled words of a pause start a speculative reply, or complete a turn that is due. */
export function transcriptUpdated(state: TurnState, event: Of<'transcript.updated'>): Step {
  const { phase } = state;
  const update = (utterance: Utterance): Utterance => {
    if (utterance.id !== event.utterance || utterance.settled) return utterance;
    return {
      ...utterance,
      text: withoutEcho(state, utterance, event.text),
      settled: utterance.pauses > 0 && event.pauses >= utterance.pauses,
    };
  };
  switch (phase.name) {
    case 'hearing': {
      const earlier = phase.earlier.map(update);
      const utterance = { ...update(phase.utterance), settled: false };
      return settleHeld(withPhase(state, { ...phase, earlier, utterance }));
    }
    case 'deciding': {
      const earlier = phase.earlier.map(update);
      const utterance = update(phase.utterance);
      const updated = withPhase(state, { ...phase, earlier, utterance });
      if (phase.held) return andThen(settleHeld(updated), afterHeld);
      if (![...earlier, utterance].every((each) => each.settled)) return step(updated);
      const trace = { ...updated.trace, transcriptMs: updated.trace.transcriptMs ?? event.atMs };
      return andThen(step({ ...updated, trace }), afterWords);
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
  const close = { type: 'closeUtterance', utterance: event.utterance } as const;
  switch (phase.name) {
    case 'hearing':
    case 'deciding': {
      if (phase.utterance.id === event.utterance) {
        if (phase.held) return resumeHeld(noticed);
        return andThen(cancelTurn(noticed), (after) =>
          step(atRest(after), close, { type: 'cancelWait', wait: 'endpoint' }),
        );
      }
      // Words said before go on with what was understood of them.
      const earlier = phase.earlier.map((each) =>
        each.id === event.utterance ? { ...each, settled: true } : each,
      );
      const updated = withPhase(noticed, { ...phase, earlier });
      return phase.name === 'deciding' && phase.due ? commitWhenSettled(updated) : step(updated);
    }
    case 'thinking':
    case 'speaking': {
      if (phase.interruption?.id !== event.utterance) return step(noticed);
      const { interruption: _lost, ...rest } = phase;
      return step(withPhase(noticed, rest), close, { type: 'unduck' });
    }
    default:
      return step(noticed);
  }
}

/** The words are the person's and complete: begin the answer, or give it where the turn is due. */
function afterWords(state: TurnState): Step {
  const { phase } = state;
  if (phase.name !== 'deciding') return step(state);
  return phase.due ? commitWhenSettled(state) : speculate(state);
}

/** A held reply was just judged: where it was cut, its interruption goes on like any other utterance. */
function afterHeld(state: TurnState): Step {
  const { phase } = state;
  return phase.name === 'deciding' && phase.held === undefined && phase.utterance.settled
    ? afterWords(state)
    : step(state);
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
  return andThen(step(state, { type: 'cancelTranscription', utterance: phase.utterance.id }), (after) =>
    commit(after, joinTexts(utterances)),
  );
}
