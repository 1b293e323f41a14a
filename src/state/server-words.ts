import type { Settings } from '../../core/settings/settings.ts';
import { formatMs } from './format.ts';
import type { ServerView } from './server.ts';

export function describeServer({ state, roundTripMs = 0 }: ServerView): string {
  switch (state) {
    case 'looking':
      return 'Parley looks for it.';
    case 'found':
      return `It is there: ${formatMs(roundTripMs)} for the way there and back. What you say reaches it only for the stages that it serves.`;
    case 'wants-key':
      return 'It asks for a key. It showed one when it was started for the first time.';
    case 'denied':
      return 'It does not know this key. Look for typing errors, or ask whoever runs the server for another one.';
    case 'unreachable':
      return 'It does not answer, or is too busy. All runs here meanwhile, and Parley looks for it again by itself.';
  }
}

/** What the guard of the server takes for a key. */
export function isKey(text: string): boolean {
  return /^[\w.~+/=-]{0,4096}$/.test(text);
}

/** Whoever wants all on this device takes back what was chosen for the server. */
export function choicesFor(where: Settings['where'], choices: Settings['choices']): Settings['choices'] {
  if (where === 'fastest') return choices;
  const kept = Object.entries(choices).filter(([, choice]) => choice?.place !== 'server');
  return Object.fromEntries(kept);
}
