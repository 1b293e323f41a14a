import { spokenWords } from '../text/words.ts';
import type { Reply, TurnState, Utterance } from './state.ts';
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

/** What an interruption turned out to be. */
export type Interruption = 'undecided' | 'nothing' | 'backchannel' | 'echo' | 'words';

/** Judges an interruption of `reply` by its words. `undecided` while more may come. */
export function judgeInterruption({ text, settled }: Utterance, reply: Reply): Interruption {
  const words = spokenWords(text);
  if (words.length === 0) return settled ? 'nothing' : 'undecided';
  if (BACKCHANNELS.has(words.join(' '))) return settled ? 'backchannel' : 'undecided';
  if (isEcho(words, reply)) return settled ? 'echo' : 'undecided';
  return 'words';
}

/** One word alone is never taken for an echo: "stop" must work whatever is being said. */
function isEcho(words: readonly string[], reply: Reply): boolean {
  if (words.length < 2) return false;
  const sounded = reply.clauses.filter(({ state }) => state === 'playing' || state === 'heard');
  const own = spokenWords(sounded.map(({ speech }) => speech).join(' '));
  return commonInOrder(words, own) >= ECHO_SHARE * words.length;
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
  switch (judgeInterruption(phase.utterance, phase.held)) {
    case 'undecided':
      return step(state);
    case 'words':
      return cutHeld(state);
    case 'nothing':
    case 'backchannel':
    case 'echo':
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
