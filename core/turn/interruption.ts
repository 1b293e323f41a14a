import type { Language } from '../settings/settings.ts';
import { isAgreement, isStop } from '../text/phrases.ts';
import { spokenWords } from '../text/words.ts';
import type { Effect } from './effects.ts';
import type { Phase, Reply, TurnState, Utterance } from './state.ts';
import { cutReply, waitForProgress } from './reply-steps.ts';
import { andThen, step, withPhase } from './step.ts';
import type { Step } from './step.ts';

/** Share of the words, in order, that must be the assistant's own for speech to count as its echo. */
const ECHO_SHARE = 0.75;

/** Sound of the loudspeaker is heard this long after it ended: rooms and buffers. */
const ECHO_TAIL_MS = 500;

/**
 * A few words that the recogniser itself hardly believes are a murmur, such as an "uh huh" that it does not know. With
 * the starter recogniser "uh huh" and "mm hmm" come out as words of 0.47 to 0.71, understood ones as 0.79 to 0.97.
 */
const MURMUR = { words: 3, confidence: 0.75 } as const;

/** Unfinished words count only from this many on: fewer may still become "uh huh", or an echo. */
const SURE_WORDS = 3;

/**
 * The words of an utterance as the person's own: none when they are what the assistant has just said. One word alone
 * is never taken for an echo: "stop" must work whatever is being said.
 */
export function withoutEcho({ spoken }: TurnState, { sinceMs }: Utterance, text: string): string {
  if (spoken === undefined || sinceMs > spoken.untilMs + ECHO_TAIL_MS) return text;
  const words = spokenWords(text);
  const own = spokenWords(spoken.text);
  const least = ECHO_SHARE * words.length;
  // Most of what people say holds too few of these words for their order to matter.
  const isEcho =
    words.length > 1 &&
    words.filter((word) => own.includes(word)).length >= least &&
    commonInOrder(words, own) >= least;
  return isEcho ? '' : text;
}

/** How many of the words the assistant has just said itself, in their order. */
function sharedWords(words: readonly string[], spoken: TurnState['spoken']): number {
  return commonInOrder(words, spokenWords(spoken?.text ?? ''));
}

/** What an interruption turned out to be; undecided while more may come. */
function verdictOn(
  { text, settled, confidence = 1 }: Utterance,
  spoken: TurnState['spoken'],
  language: Language,
): 'undecided' | 'none' | 'words' {
  const words = spokenWords(text);
  const murmured = words.length <= MURMUR.words && confidence < MURMUR.confidence;
  if (!settled) {
    const sure = words.length >= SURE_WORDS && !murmured && sharedWords(words, spoken) === 0;
    return sure ? 'words' : 'undecided';
  }
  if (murmured && !isStop(text, language)) return 'none';
  return words.length > 0 && !isAgreement(text, language) ? 'words' : 'none';
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

/** A phase whose utterance has silenced a reply. */
type Holding = Extract<Phase, { name: 'hearing' | 'deciding' }> & { held: Reply };

function isHolding(phase: Phase): phase is Holding {
  return (phase.name === 'hearing' || phase.name === 'deciding') && phase.held !== undefined;
}

/** Looks at the words that hold a reply: it is cut for good, goes on, or waits for more words. */
export function settleHeld(state: TurnState): Step {
  const { phase } = state;
  if (!isHolding(phase)) return step(state);
  const { language } = state.settings;
  const verdicts = [...phase.earlier, phase.utterance].map((each) => verdictOn(each, state.spoken, language));
  if (verdicts.includes('words')) return cutHeld(state);
  return verdicts.includes('undecided') ? step(state) : resumeHeld(state);
}

/** The floor is the person's: what was heard of the held reply is all that is left of it. */
export function cutHeld(state: TurnState): Step {
  const { phase } = state;
  if (!isHolding(phase)) return step(state);
  const { held, ...rest } = phase;
  const due = rest.name === 'deciding' && rest.due;
  return andThen(cutReply(state, held), (after) =>
    step(withPhase(after, { ...rest, cuts: true }), ...(due ? [waitForProgress] : [])),
  );
}

/** It was no interruption: the reply goes on where it stopped, and what was heard is forgotten. */
export function resumeHeld(state: TurnState): Step {
  const { phase } = state;
  if (!isHolding(phase)) return step(state);
  const { heldTrace = state.trace, ...rest } = state;
  const { bargeInOnsetMs: _onset, bargeInSilentMs: _silent, ...trace } = heldTrace;
  const sounded = phase.held.clauses.some((clause) => clause.state === 'playing' || clause.state === 'heard');
  return step(
    withPhase({ ...rest, trace }, { name: sounded ? 'speaking' : 'thinking', reply: phase.held }),
    ...forget([...phase.earlier, phase.utterance]),
    { type: 'cancelWait', wait: 'endpoint' },
    waitForProgress,
    { type: 'setPlayback', active: sounded },
    { type: 'unduck' },
    { type: 'release', turn: state.turn },
  );
}

/** Ends recognition and audio of utterances that no longer count. */
export function forget(utterances: readonly Utterance[]): Effect[] {
  return utterances.flatMap(({ id: utterance }) => [
    { type: 'cancelTranscription', utterance },
    { type: 'closeUtterance', utterance },
  ]);
}
