import type { Settings } from '../settings/settings.ts';
import { isStop } from '../text/phrases.ts';
import type { TurnEvent } from './events.ts';
import type { TurnState } from './state.ts';
import { activeReply, isDeaf } from './state.ts';
import { forget } from './interruption.ts';
import { answerNow, cancelTurn, cutReply, joinTexts } from './reply-steps.ts';
import { dropUtterance, endUtterance } from './reduce-speech.ts';
import { takeTurn } from './take-turn.ts';
import { andThen, atRest, step, withAside, withNotice } from './step.ts';
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

/** Only what is being heard is lost: a reply goes on, and words said before still get their answer. */
export function microphoneFailed(state: TurnState, event: Of<'microphone.failed'>): Step {
  const { code, message } = event.error;
  const closed = withNotice({ ...state, open: false, keyDown: false }, code, message);
  return andThen(leaveMicrophone(closed, event.atMs), (after) =>
    step(after.phase.name === 'listening' ? atRest(after) : after),
  );
}

export function muteChanged(state: TurnState, event: Of<'mute.changed'>): Step {
  if (event.muted === state.muted) return step(state);
  const changed = { ...state, muted: event.muted };
  return applyDeafness(state, changed);
}

/** Releasing the key ends the utterance; pressing it takes the floor. */
export function keyChanged(state: TurnState, event: Of<'key.changed'>): Step {
  if (event.down === state.keyDown) return step(state);
  const changed = { ...state, keyDown: event.down };
  if (event.down && (state.phase.name === 'thinking' || state.phase.name === 'speaking')) {
    return andThen(stopEverything(changed), (after) => applyDeafness(state, after));
  }
  if (event.down || !hearsSomething(state)) return applyDeafness(state, changed);
  return andThen(endUtterance(changed, event.atMs, event.atMs), (after) =>
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
  if (activeReply(state)?.committed === true && isStop(text, state.settings.language)) {
    return andThen(stopEverything(state), (after) => step(withAside(after, text)));
  }
  return andThen(stopEverything(state), (after) =>
    answerNow({ ...withUnanswered(after, state), trace: { turn: after.turn, endpointMs: event.atMs } }, text),
  );
}

/** A question that was waiting for its end when the person began to type stays in the conversation. */
function withUnanswered(state: TurnState, { phase }: TurnState): TurnState {
  const user = phase.name === 'hearing' || phase.name === 'deciding' ? joinTexts(phase.earlier) : '';
  return user === '' ? state : { ...state, history: [...state.history, { user, steps: [] }] };
}

/** Choices that belong to the open microphone take effect at once: it is opened anew. */
export function settingsChanged(state: TurnState, event: Of<'settings.changed'>): Step {
  const { settings } = event;
  const applied = applyDeafness(state, { ...state, settings });
  const { microphoneId, listening } = state.settings;
  const same = settings.microphoneId === microphoneId && isEqual(settings.listening, listening);
  if (!state.open || same) return applied;
  return andThen(
    andThen(applied, (after) => leaveMicrophone(after, event.atMs)),
    (after) => step(after, { type: 'openMicrophone' }),
  );
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

/** No more sound comes from this microphone: half an utterance is dropped, one that was pausing is complete. */
function leaveMicrophone(state: TurnState, atMs: number): Step {
  return state.phase.name === 'deciding' ? takeTurn(state, atMs) : dropUtterance(state);
}

function hearsSomething({ phase }: TurnState): boolean {
  return phase.name === 'hearing' || (phase.name === 'deciding' && !phase.due);
}

/** A pause that is being decided stays: its words were said before. */
function applyDeafness(before: TurnState, after: TurnState): Step {
  if (isDeaf(before) === isDeaf(after)) return step(after);
  const muted = { type: 'setMuted', muted: isDeaf(after) } as const;
  const unheard = isDeaf(after) && after.phase.name !== 'deciding';
  return andThen(unheard ? dropUtterance(after) : step(after), (quiet) => step(quiet, muted));
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
          ...forget([...phase.earlier, phase.utterance]),
        ),
      );
    case 'thinking':
    case 'speaking': {
      const stopped = andThen(cutReply(state, phase.reply), (after) => step(atRest(after)));
      if (phase.interruption === undefined) return stopped;
      const { interruption } = phase;
      return andThen(stopped, (after) => step(after, ...forget([interruption])));
    }
  }
}
