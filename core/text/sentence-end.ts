import { pointBelongsToWord } from './abbreviations.ts';
import { isSpace, skipSpace, type Verdict } from './verdict.ts';

const MARKS = '.!?…।॥。！？';

/** Marks that end a sentence even where no space follows. */
const UNSPACED = /[।॥。！？]/;

/** What may close after a sentence's mark and belongs to it: quotes, brackets, Markdown. */
const CLOSERS = '"\'”’“»«›)]}*_`~';

const LOWER = /^\p{Ll}/u;

export interface SentencePlace {
  /** Where the clause's first word begins. */
  clauseStart: number;
  /** The clause begins a line, so "1." there is a list's number. */
  lineStart: boolean;
  /** No more text will come. */
  ended: boolean;
  language: string;
}

/** Whether a sentence ends with the mark at `at`; a number is where the next word begins. */
export function sentenceEnd(text: string, at: number, place: SentencePlace): Verdict {
  if (!MARKS.includes(text.charAt(at))) return 'none';
  let marksEnd = at;
  while (marksEnd < text.length && MARKS.includes(text.charAt(marksEnd))) marksEnd++;
  let end = marksEnd;
  while (end < text.length && CLOSERS.includes(text.charAt(end)) && !text.startsWith('```', end)) end++;
  if (end === text.length) return place.ended ? end : 'wait';
  const marks = text.slice(at, marksEnd);
  if (!isSpace(text[end])) return UNSPACED.test(marks) ? end : 'none';
  let next = skipSpace(text, end, place.ended);
  // French sets a space before the closing quotation mark.
  if (place.language === 'fr' && next !== 'wait' && text[next] === '»') {
    next = skipSpace(text, next + 1, place.ended);
  }
  if (next === 'wait' || next === text.length || text.slice(end, next).includes('\n')) return next;
  const goesOn = LOWER.test(text.slice(next, next + 2));
  if (/^[.…]+$/.test(marks)) {
    if (goesOn) return 'none';
    const belongs = marks === '.' && pointBelongsToWord(text, at, place.clauseStart, next, place);
    if (belongs === 'wait') return 'wait';
    return belongs ? 'none' : next;
  }
  // "What?" he asked: the quotation ends, the sentence goes on.
  return goesOn && end > marksEnd ? 'none' : next;
}
