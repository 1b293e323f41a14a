import type { Language } from '../settings/settings.ts';
import { newReply, waitForProgress } from './reply-steps.ts';
import type { TurnState } from './state.ts';
import { andThen, step, withPhase } from './step.ts';
import type { Step } from './step.ts';

/** Silence after which the assistant asks whether anybody is there, where the person wishes so. */
const SILENCE_MS = 60_000;

const QUESTION: Record<Language, string> = {
  en: 'Are you still there?',
  es: '¿Sigues ahí?',
  fr: 'Vous êtes toujours là ?',
  pt: 'Você ainda está aí?',
  hi: 'क्या आप अभी भी वहाँ हैं?',
  de: 'Sind Sie noch da?',
  nl: 'Bent u er nog?',
  it: 'Sei ancora lì?',
};

function waitsForPerson({ phase, settings, asked }: TurnState): boolean {
  return phase.name === 'listening' && settings.stillThere && asked !== true;
}

/** Counts the silence while nobody speaks, from the moment that it begins. */
export function watchSilence(before: TurnState, after: Step): Step {
  const { state } = after;
  const waited = waitsForPerson(before);
  if (waitsForPerson(state) === waited) return after;
  return andThen(after, (now) =>
    step(
      now,
      waited ? { type: 'cancelWait', wait: 'silence' } : { type: 'wait', wait: 'silence', ms: SILENCE_MS },
    ),
  );
}

/** Asks once; after that it is silent until the person has said something. */
export function askStillThere(state: TurnState): Step {
  if (!waitsForPerson(state)) return step(state);
  const turn = state.turn + 1;
  const thinking = withPhase(
    { ...state, turn, asked: true, trace: { turn } },
    { name: 'thinking', reply: newReply('', true) },
  );
  const text = QUESTION[state.settings.language];
  return step(thinking, { type: 'recite', turn, text }, waitForProgress, { type: 'release', turn });
}
