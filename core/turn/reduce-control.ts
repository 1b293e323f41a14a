import type { Settings } from '../settings/settings.ts';
import type { TurnEvent } from './events.ts';
import type { TurnState } from './state.ts';
import { isDeaf } from './state.ts';
import { resumeHeld } from './interruption.ts';
import { answerNow, cancelTurn, cutReply } from './reply-steps.ts';
import { takeTurn } from './reduce-speech.ts';
import { atRest, step, andThen, withNotice, withPhase } from './step.ts';
import type { Step } from './step.ts';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** Longest typed message, in characters: far above anything spoken, far below what hurts a small model. */
export const MAX_TYPED_CHARACTERS = 4000;

export function talkStarted(state: TurnState): Step {
  if (state.open) return step(state);
  const open = { ...state, open: true, notices: [] };
  const rested = state.phase.name === 'idle' ? atRest(open) : open;
  return step(rested, { type: 'openMicrophone' }, { type: 'setMuted', muted: isDeaf(rested) });
}

/** Leaving the conversation stops everything, mouth and ears. */
export function talkEnded(state: TurnState): Step {
  return andThen(stopEverything({ ...state, open: false }), (after) =>
    step(after, { type: 'closeMicrophone' }),
  );
}

export function microphoneFailed(state: TurnState, event: Of<'microphone.failed'>): Step {
  const { code, message } = event.error;
  const closed = withNotice({ ...state, open: false, held: false }, code, message);
  // A reply under way may finish; only what is being heard is lost.
  return hearsSomething(state)
    ? forgetUtterance(closed)
    : step(state.phase.name === 'listening' ? atRest(closed) : closed);
}

export function muteChanged(state: TurnState, event: Of<'mute.changed'>): Step {
  if (event.muted === state.muted) return step(state);
  const changed = { ...state, muted: event.muted };
  return applyDeafness(state, changed);
}

/** Releasing the key ends the utterance; pressing it takes the floor. */
export function holdChanged(state: TurnState, event: Of<'hold.changed'>): Step {
  if (event.held === state.held) return step(state);
  const changed = { ...state, held: event.held };
  if (event.held && (state.phase.name === 'thinking' || state.phase.name === 'speaking')) {
    return andThen(stopEverything(changed), (after) => applyDeafness(state, after));
  }
  if (event.held || !hearsSomething(state)) return applyDeafness(state, changed);
  return andThen(endUtterance(changed, event.atMs), (after) =>
    step(after, { type: 'setMuted', muted: true }),
  );
}

export function stopRequested(state: TurnState): Step {
  return stopEverything(state);
}

/** Typing interrupts like speaking does. */
export function textSubmitted(state: TurnState, event: Of<'text.submitted'>): Step {
  const text = event.text.trim();
  if (text === '') return step(state);
  if (text.length > MAX_TYPED_CHARACTERS) {
    const message = `That message is too long. Please keep it under ${MAX_TYPED_CHARACTERS} characters.`;
    return step(withNotice(state, 'input.invalid', message));
  }
  return andThen(stopEverything(state), (after) =>
    answerNow({ ...after, trace: { turn: after.turn, endpointMs: event.atMs } }, text),
  );
}

/** Choices that belong to the open microphone take effect at once: it is opened anew. */
export function settingsChanged(state: TurnState, event: Of<'settings.changed'>): Step {
  const { settings } = event;
  const applied = applyDeafness(state, { ...state, settings });
  const { microphoneId, listening } = state.settings;
  const same = settings.microphoneId === microphoneId && isEqual(settings.listening, listening);
  if (!state.open || same) return applied;
  return andThen(applied, (after) => {
    const quiet = after.phase.name === 'hearing' ? forgetUtterance(after) : step(after);
    return andThen(quiet, (ready) => step(ready, { type: 'openMicrophone' }));
  });
}

export function noticeRaised(state: TurnState, event: Of<'notice.raised'>): Step {
  return step(withNotice(state, event.error.code, event.error.message));
}

export function noticeDismissed(state: TurnState, event: Of<'notice.dismissed'>): Step {
  return step({ ...state, notices: state.notices.filter((_, index) => index !== event.index) });
}

function isEqual(a: Settings['listening'], b: Settings['listening']): boolean {
  return (Object.keys(a) as (keyof typeof a)[]).every((name) => a[name] === b[name]);
}

function hearsSomething(state: TurnState): boolean {
  return state.phase.name === 'hearing' || (state.phase.name === 'deciding' && !state.phase.due);
}

function applyDeafness(before: TurnState, after: TurnState): Step {
  if (isDeaf(before) === isDeaf(after)) return step(after);
  const muted = { type: 'setMuted', muted: isDeaf(after) } as const;
  if (!isDeaf(after) || after.phase.name !== 'hearing') return step(after, muted);
  return andThen(forgetUtterance(after), (quiet) => step(quiet, muted));
}

function endUtterance(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'hearing') return takeTurn(state, atMs);
  const utterance = { ...phase.utterance, pauses: phase.utterance.pauses + 1, settled: false };
  const trace = { turn: state.turn, speechEndMs: atMs, pauseMs: atMs };
  const { earlier, held } = phase;
  return takeTurn(
    {
      ...withPhase(state, { name: 'deciding', earlier, utterance, due: false, ...(held && { held }) }),
      trace,
    },
    atMs,
  );
}

/** What is being heard does not count; a reply that it silenced goes on. */
function forgetUtterance(state: TurnState): Step {
  const { phase } = state;
  const holds = (phase.name === 'hearing' || phase.name === 'deciding') && phase.held !== undefined;
  return holds ? resumeHeld(state) : stopEverything(state);
}

function stopEverything(state: TurnState): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return step(atRest(state));
    case 'hearing':
    case 'deciding':
      return andThen(phase.held ? cutReply(state, phase.held) : cancelTurn(state), (after) =>
        step(
          atRest(after),
          { type: 'cancelWait', wait: 'endpoint' },
          { type: 'cancelTranscription', utterance: phase.utterance.id },
          { type: 'closeUtterance', utterance: phase.utterance.id },
        ),
      );
    case 'thinking':
    case 'speaking': {
      const stopped = andThen(cutReply(state, phase.reply), (after) => step(atRest(after)));
      if (phase.interruption === undefined) return stopped;
      const { id } = phase.interruption;
      return andThen(stopped, (after) =>
        step(
          after,
          { type: 'cancelTranscription', utterance: id },
          { type: 'closeUtterance', utterance: id },
        ),
      );
    }
  }
}
