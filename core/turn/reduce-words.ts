import type { TurnEvent } from './events.ts';
import type { TurnState, Utterance } from './state.ts';
import { commitWhenSettled, speculate } from './commit.ts';
import { settleHeld, withoutEcho } from './interruption.ts';
import { judgeWords } from './judgement.ts';
import { wordsAreComplete } from './reply-steps.ts';
import { lateWords } from './late-words.ts';
import { dropUtterance } from './reduce-speech.ts';
import { andThen, step, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** Words arrive. Settled words of a pause start a speculative reply, or complete a turn that is due. */
export function transcriptUpdated(state: TurnState, event: Of<'transcript.updated'>): Step {
  return andThen(lateWords(state, event), (after) => wordsOfUtterance(after, event));
}

function wordsOfUtterance(state: TurnState, event: Of<'transcript.updated'>): Step {
  const { phase } = state;
  const update = (utterance: Utterance): Utterance => {
    if (utterance.id !== event.utterance || utterance.settled) return utterance;
    const text = withoutEcho(state, utterance, event.text);
    const { confidence = 1 } = event;
    return {
      ...utterance,
      text,
      confidence,
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
      if (wordsAreComplete(phase)) return step(state);
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
  if (phase.name !== 'deciding' || !wordsAreComplete(phase)) return step(state);
  if (phase.held !== undefined) return judgeWords(state);
  const timed = { ...state, trace: { ...state.trace, transcriptMs: state.trace.transcriptMs ?? atMs } };
  if (phase.due) return commitWhenSettled(timed);
  // Asked first: a verdict needs a moment, and the answer may be long in coming.
  return andThen(judgeWords(timed), (after) => speculate(after, atMs));
}
