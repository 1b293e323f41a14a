import { codeStart } from './fences.ts';
import { sentenceEnd, type SentencePlace } from './sentence-end.ts';
import { isDigit, isSpace, skipSpace, type Verdict } from './verdict.ts';

/** Longest clause and, where commas may break it, from how many characters on. Lengths are UTF-16 units. */
export interface ClauseLimits {
  softFrom: number;
  longest: number;
}

/** The voice starts on this one, so it is short: about a second of speech, four at most. */
export const FIRST_CLAUSE: ClauseLimits = { softFrom: 20, longest: 60 };

/** Whole sentences sound best; past some 15 s of speech even a sentence is cut. */
export const LATER_CLAUSE: ClauseLimits = { softFrom: Infinity, longest: 240 };

/** A sentence that ends within so many characters after a possible break is not broken: "Nice to meet you, Anna." */
const TAIL = 8;

/** Text without any space is cut after so many times the longest clause. */
const UNBROKEN_FACTOR = 4;

/** How far a clause has been looked through: everything before `at` is settled. */
export interface Scan {
  at: number;
  /** Where the clause may break after a comma or dash; −1 while there is no such place. */
  soft: number;
}

/**
 * Where the clause that begins at `place.clauseStart` ends and the next begins. After `wait` the search goes on from
 * `scan` when more text has come.
 */
export function findBreak(text: string, place: SentencePlace, limits: ClauseLimits, scan: Scan): Verdict {
  const start = place.clauseStart;
  for (; scan.at < text.length; scan.at++) {
    const { at, soft } = scan;
    if (soft >= 0 && at - soft >= TAIL) return soft;
    const code = codeStart(text, at, place.lineStart ? start : undefined, place.ended);
    if (code === 'wait') return 'wait';
    if (code !== 'none') {
      if (code.type === 'fence') return at;
      scan.at = code.end - 1;
      continue;
    }
    if (text[at] === '\n') return skipSpace(text, at, place.ended);
    const sentence = sentenceEnd(text, at, place);
    if (sentence !== 'none') return sentence;
    const length = at - start + 1;
    if (soft < 0 && length >= limits.softFrom) {
      const pause = pauseEnd(text, at, place.ended);
      if (pause === 'wait') return 'wait';
      if (pause !== 'none') scan.soft = pause;
    }
    if (length < limits.longest + TAIL) continue;
    const cut = longBreak(text, start, at, limits.longest);
    if (cut !== undefined) return skipSpace(text, cut, place.ended);
  }
  return place.ended ? text.length : 'wait';
}

/** Whether the voice may pause after the mark at `at`: comma, semicolon, colon, dash; not within "1,000" or "May 5, 2026". */
function pauseEnd(text: string, at: number, ended: boolean): Verdict {
  const char = text.charAt(at);
  if (char === '—') return skipSpace(text, at + 1, ended);
  const dash = char === '-' || char === '–';
  if (!dash && !',;:،、'.includes(char)) return 'none';
  if (at + 1 === text.length) return ended ? 'none' : 'wait';
  if (!isSpace(text[at + 1]) || (dash && !isSpace(text[at - 1]))) return 'none';
  const next = skipSpace(text, at + 1, ended);
  if (next === 'wait') return 'wait';
  const before = text.slice(0, at).trimEnd().at(-1);
  return isDigit(before) && isDigit(text[next]) ? 'none' : next;
}

/** Where to break a clause that has grown too long at `at`: after the best punctuation, at a space, or anywhere. */
function longBreak(text: string, start: number, at: number, longest: number): number | undefined {
  const head = text.slice(start, start + longest);
  const strong = lastMatch(head, /[;:—–]\s/g);
  if (strong >= longest / 2) return start + strong + 1;
  const comma = lastMatch(head, /[,،]\s/g);
  if (comma >= longest / 3) return start + comma + 1;
  const space = lastMatch(head, /\S\s/g);
  if (space >= 0) return start + space + 1;
  if (isSpace(text[at])) return at;
  const length = at - start + 1;
  if (length < longest * UNBROKEN_FACTOR) return undefined;
  const graphemes = [...new Intl.Segmenter().segment(text.slice(start, at + 1))];
  return start + (graphemes.at(-1)?.index || length);
}

function lastMatch(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].at(-1)?.index ?? -1;
}
