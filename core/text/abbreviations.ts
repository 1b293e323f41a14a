import { isDigit } from './verdict.ts';

/** Words whose point does not end a sentence, in the eight languages of the voice; lower case. */
const ABBREVIATIONS = new Set(
  (
    'dr mr mrs ms mx prof rev hon gen capt sgt lt st vs approx ' + // English
    'sra srta dra ud uds aprox ' + // Spanish and Portuguese
    'sr profa exmo ' +
    'mme mlle mgr ' + // French
    'hr fr bzw ca evtl ggf inkl ' + // German
    'dhr mevr mw drs ing bijv ' + // Dutch
    'sig dott avv egr ' + // Italian
    'डॉ प्रो श्री'
  ) // Hindi
    .split(' '),
);

/** Words whose point does not end a sentence when a number follows. */
const BEFORE_NUMBER = new Set('no nr núm num nº fig p pp vol cap kap art abs pag pág'.split(' '));

const GERMAN_MONTH = /^(?:jan|jän|feb|märz|april|mai|juni|juli|aug|sept|okt|nov|dez)/i;

/** Letters a German month may need before it is told apart. */
const MONTH_LETTERS = 5;

/**
 * Whether the point at `at` belongs to what stands before it, so that no sentence ends there. `clauseStart` bounds the
 * look back and `next` is the first character of the following word.
 */
export function pointBelongsToWord(
  text: string,
  at: number,
  clauseStart: number,
  next: number,
  place: { lineStart: boolean; ended: boolean; language: string },
): boolean | 'wait' {
  const word = /[\p{L}\p{M}\p{N}.º]*$/u.exec(text.slice(Math.max(clauseStart, at - 24), at))?.[0] ?? '';
  if (/^\p{Nd}+$/u.test(word)) {
    if (place.lineStart && at - word.length === clauseStart) return true;
    if (place.language !== 'de' || word.length > 2) return false;
    const following = text.slice(next, next + MONTH_LETTERS);
    if (following.length < MONTH_LETTERS && !place.ended) return 'wait';
    return GERMAN_MONTH.test(following);
  }
  if (/^\p{L}$/u.test(word)) return word !== 'I';
  if (/^\p{L}{1,2}(?:\.\p{L}{1,2})+$/u.test(word)) return !/^[ap]\.m$/i.test(word);
  const lower = word.toLowerCase();
  return ABBREVIATIONS.has(lower) || (BEFORE_NUMBER.has(lower) && isDigit(text[next]));
}
