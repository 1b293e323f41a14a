import { spokenWords } from '../text/words.ts';
import type { TurnState, Utterance } from './state.ts';
import { cutReply, waitForProgress } from './reply-steps.ts';
import { andThen, step, withPhase } from './step.ts';
import type { Step } from './step.ts';

/** Said while listening, to say "go on": no turn of their own. */
const BACKCHANNELS = new Set([
  'uh huh',
  'mm hmm',
  'mhm',
  'hmm',
  'mm',
  'ah',
  'oh',
  'yeah',
  'right',
  'okay',
  'ok',
  'i see',
]);

/** Share of the words, in order, that must be the assistant's own for speech to count as its echo. */
const ECHO_SHARE = 0.75;

/** Sound of the loudspeaker is heard this long after it ended: rooms and buffers. */
const ECHO_TAIL_MS = 500;

/**
 * The words of an utterance as the person's own: none when they are what the assistant has just said. One word alone
 * is never taken for an echo: "stop" must work whatever is being said.
 */
export function withoutEcho({ spoken }: TurnState, { sinceMs }: Utterance, text: string): string {
  if (spoken === undefined || sinceMs > spoken.untilMs + ECHO_TAIL_MS) return text;
  const words = spokenWords(text);
  const shared = commonInOrder(words, spokenWords(spoken.text));
  return words.length > 1 && shared >= ECHO_SHARE * words.length ? '' : text;
}

/** What an interruption turned out to be; undecided while more may come. */
function judgeInterruption({ text, settled }: Utterance): 'undecided' | 'none' | 'words' {
  const words = spokenWords(text);
  if (words.length > 0 && !BACKCHANNELS.has(words.join(' '))) return 'words';
  return settled ? 'none' : 'undecided';
}

/** Length of the longest sequence that both lists hold in order. */
function commonInOrder(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (const [index, other] of b.entries()) {
      next.push(word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Looks at the words of the utterance that holds a reply: it is cut for good, goes on, or waits for more words. */
export function settleHeld(state: TurnState): Step {
  const { phase } = state;
  if ((phase.name !== 'hearing' && phase.name !== 'deciding') || phase.held === undefined) return step(state);
  switch (judgeInterruption(phase.utterance)) {
    case 'undecided':
      return step(state);
    case 'words':
      return cutHeld(state);
    case 'none':
      return resumeHeld(state);
  }
}

/** The floor is the person's: what was heard of the held reply is all that is left of it. */
export function cutHeld(state: TurnState): Step {
  const { phase } = state;
  if ((phase.name !== 'hearing' && phase.name !== 'deciding') || phase.held === undefined) return step(state);
  const { held, ...rest } = phase;
  const due = rest.name === 'deciding' && rest.due;
  return andThen(cutReply(state, held), (after) =>
    step(withPhase(after, rest), ...(due ? [waitForProgress] : [])),
  );
}

/** It was no interruption: the reply goes on where it stopped, and the utterance is forgotten. */
export function resumeHeld(state: TurnState): Step {
  const { phase } = state;
  if ((phase.name !== 'hearing' && phase.name !== 'deciding') || phase.held === undefined) return step(state);
  const { id } = phase.utterance;
  const { heldTrace = state.trace, ...rest } = state;
  const { bargeInOnsetMs: _onset, bargeInSilentMs: _silent, ...trace } = heldTrace;
  return step(
    withPhase({ ...rest, trace }, { name: 'speaking', reply: phase.held }),
    { type: 'cancelTranscription', utterance: id },
    { type: 'closeUtterance', utterance: id },
    { type: 'cancelWait', wait: 'endpoint' },
    waitForProgress,
    { type: 'setPlayback', active: true },
    { type: 'unduck' },
    { type: 'release', turn: state.turn },
  );
}
