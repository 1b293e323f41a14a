/**
 * Answer of a check on text that is still arriving: the position where the next clause begins, `none`, or `wait` when
 * the text that would decide has not come yet. Waiting instead of guessing makes the clauses of a reply independent of
 * how its text was cut into tokens.
 */
export type Verdict = number | 'none' | 'wait';

/** Position of the first character at or after `from` that is not white space; `wait` while it may still come. */
export function skipSpace(text: string, from: number, ended: boolean): number | 'wait' {
  const word = /\S/g;
  word.lastIndex = from;
  const at = word.exec(text)?.index ?? text.length;
  return at === text.length && !ended ? 'wait' : at;
}

export function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}

export function isDigit(char: string | undefined): boolean {
  return char !== undefined && /\p{Nd}/u.test(char);
}
