/** What begins at a position: a code fence, inline code that ends at `end`, neither, or not to be told yet. */
export type CodeStart =
  | { type: 'fence'; marker: string; body: number }
  | { type: 'inline'; end: number }
  | 'none'
  | 'wait';

/**
 * Looks for a code fence at `at`: three or more backticks, or tildes that only white space and quotation marks part from
 * the beginning of the line at `lineStart`. Backticks open a fence in the middle of a line too, as small models write
 * them, unless the same line closes them. `body` is where the fence's first line of code begins.
 */
export function codeStart(
  text: string,
  at: number,
  lineStart: number | undefined,
  ended: boolean,
): CodeStart {
  const char = text[at];
  if (char !== '`' && char !== '~') return 'none';
  if (char === '~' && (lineStart === undefined || !/^[\s>]*$/.test(text.slice(lineStart, at)))) return 'none';
  const runEnd = skipRun(text, at, char);
  if (runEnd === text.length && !ended) return 'wait';
  if (runEnd - at < 3) return 'none';
  const marker = text.slice(at, runEnd);
  const lineEnd = text.indexOf('\n', runEnd);
  const close = char === '`' ? text.indexOf(marker, runEnd) : -1;
  if (close >= 0 && (lineEnd < 0 || close < lineEnd)) return { type: 'inline', end: close + marker.length };
  if (lineEnd < 0 && !ended) return 'wait';
  return { type: 'fence', marker, body: lineEnd < 0 ? text.length : lineEnd + 1 };
}

/**
 * Looks from `from` for the end of a fence opened by `marker`: at least as many of its characters with nothing after
 * them on their line. Answers `end`, the position after them, or `resume`, from where to look again once more text has
 * come. A fence that is never closed ends with the text.
 */
export function fenceEnd(
  text: string,
  marker: string,
  from: number,
  ended: boolean,
): { end: number } | { resume: number } {
  let at = text.indexOf(marker, from);
  while (at >= 0) {
    const runEnd = skipRun(text, at, marker.charAt(0));
    let after = runEnd;
    while (text[after] === ' ' || text[after] === '\t' || text[after] === '\r') after++;
    if (after === text.length) return ended ? { end: runEnd } : { resume: at };
    if (text[after] === '\n') return { end: runEnd };
    at = text.indexOf(marker, after);
  }
  // The last characters may be the beginning of a marker.
  return ended ? { end: text.length } : { resume: Math.max(from, text.length - marker.length + 1) };
}

/** The text without its code fences; each leaves an empty line. */
export function dropFences(text: string): string {
  let kept = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = codeStart(text, at, text.lastIndexOf('\n', at - 1) + 1, true);
    if (typeof code === 'string') continue;
    if (code.type === 'inline') {
      at = code.end - 1;
      continue;
    }
    const close = fenceEnd(text, code.marker, code.body, true);
    kept += `${text.slice(from, at)}\n\n`;
    from = 'end' in close ? close.end : text.length;
    at = from - 1;
  }
  return kept + text.slice(from);
}

function skipRun(text: string, from: number, char: string): number {
  let at = from;
  while (text[at] === char) at++;
  return at;
}
