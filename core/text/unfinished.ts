import { TURN_WORDS, type TurnWords } from './turn-words.ts';

/** What the words of a turn say about its end; `open` where they say nothing. */
export type WordsVerdict = 'unfinished' | 'finished' | 'open';

/** Sounds of somebody who looks for words, however long: uh, uhm, erm, hmm, ähm, ehm, euh, mmm. */
const FILLER = /^(?:u+h+m*|e+r+m+|h+m+|m{3,}|[äa]+h+m+|ä+h+|e+h+m+|[eh]*e+u+h+)$/;
/** A recogniser's marks for a sentence that breaks off. */
const BROKEN_OFF = /(?:[,…–—-]|\.{3})\s*$/;
/**
 * Digits said one by one belong to something longer, until there are as many as a local telephone number has. Four may
 * be a year or a PIN.
 */
const FEWEST_COUNTED = 2;
const MOST_COUNTED = 5;
const WHOLE_COUNT = 4;

/** The words as they are said; a hyphen joins, and an apostrophe at the end is dropped. */
function toWords(text: string): string[] {
  const plain = text.toLowerCase().replaceAll('’', "'");
  return plain
    .split(/\s+/)
    .map((word) => word.replaceAll(/^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, ''))
    .filter((word) => word !== '');
}

/**
 * Judges by rules alone whether a turn can end with these words.
 * @param language BCP-47 primary tag; of languages that are not known here, only sounds and marks are judged
 */
export function judgeWords(text: string, language: string): WordsVerdict {
  const words = toWords(text);
  const last = words.at(-1);
  if (last === undefined) return 'open';
  const known = TURN_WORDS.get(language);
  if (known !== undefined && isWhole(words, known.alone)) return 'finished';
  if (BROKEN_OFF.test(text) || FILLER.test(last)) return 'unfinished';
  return known !== undefined && isUnfinished(words, last, known) ? 'unfinished' : 'open';
}

function isUnfinished(words: readonly string[], last: string, known: TurnWords): boolean {
  if (known.leaning.has(last) || known.fillers.has(last)) return !isCount(words, known);
  if (known.stranding.has(last)) return !words.some((word) => known.questions.has(word));
  const count = countDigits(words, known);
  return count >= FEWEST_COUNTED && count <= MOST_COUNTED && count !== WHOLE_COUNT;
}

/** "un" ends a French count as the digit that it is. */
function isCount(words: readonly string[], known: TurnWords): boolean {
  const count = countDigits(words, known);
  return count > MOST_COUNTED || count === WHOLE_COUNT;
}

/** How many digits in a row the words end with. */
function countDigits(words: readonly string[], { digits }: TurnWords): number {
  return words.length - 1 - words.findLastIndex((word) => !digits.has(word) && !/^\p{Nd}$/u.test(word));
}

/** Whether the text consists of whole turns: "yes", "no thanks", "stop stop". */
function isWhole(words: readonly string[], phrases: readonly string[]): boolean {
  let rest = `${words.join(' ')} `;
  while (rest !== '') {
    const phrase = phrases.find((each) => rest.startsWith(`${each} `));
    if (phrase === undefined) return false;
    rest = rest.slice(phrase.length + 1);
  }
  return true;
}

/** How sure the rules are where they say something: there are exceptions to each. */
const UNFINISHED_AT_MOST = 0.1;
const FINISHED_AT_LEAST = 0.9;

/** The probability that a turn is over, 0…1, kept within what its words allow. */
export function boundByWords(probability: number, text: string, language: string): number {
  const verdict = judgeWords(text, language);
  if (verdict === 'unfinished') return Math.min(probability, UNFINISHED_AT_MOST);
  return verdict === 'finished' ? Math.max(probability, FINISHED_AT_LEAST) : probability;
}
