import { FIRST_CLAUSE, LATER_CLAUSE, findBreak, type Scan } from './clause-break.ts';
import { codeStart, fenceEnd } from './fences.ts';
import { speakable } from './speakable.ts';
import { skipSpace, type Verdict } from './verdict.ts';
import type { Language } from '../settings/settings.ts';

/** A piece of a reply that the voice says in one go. */
export interface Clause {
  /** As the model wrote it, white space after it included: for display and history. */
  text: string;
  /** What the voice says of it; empty where there is nothing to say. */
  speech: string;
  /** Offsets into the whole reply. Clauses follow one another without gaps. */
  start: number;
  end: number;
}

export interface ClauseSplitter {
  /** Takes more of the reply and returns the clauses that are now complete. */
  push(delta: string): Clause[];
  /** Returns what is left; the splitter is used up. */
  end(): Clause[];
}

/**
 * Cuts a reply into clauses while it is being written. The same text gives the same clauses however it was cut into
 * deltas, and their texts joined are the reply. A code fence is one clause with nothing to say.
 */
export function createClauseSplitter(options: { language?: Language } = {}): ClauseSplitter {
  const language = options.language ?? 'en';
  let buffer = '';
  let offset = 0;
  let lineStart = true;
  let spoken = false;
  /** An open fence: its marker, and from where in the buffer its end has yet to be looked for. */
  let fence: { marker: string; from: number } | undefined;
  let scan: Scan | undefined;

  function take(length: number, speech: string): Clause {
    const text = buffer.slice(0, length);
    const clause = { text, speech, start: offset, end: offset + length };
    buffer = buffer.slice(length);
    offset += length;
    lineStart = /\n\s*$/.test(text) || (lineStart && /^[\s>]*$/.test(text));
    spoken ||= speech !== '';
    return clause;
  }

  function fenceBreak(open: { marker: string; from: number }, ended: boolean): Verdict {
    const close = fenceEnd(buffer, open.marker, open.from, ended);
    if ('end' in close) return skipSpace(buffer, close.end, ended);
    open.from = close.resume;
    return 'wait';
  }

  function next(ended: boolean): Clause | undefined {
    const start = skipSpace(buffer, 0, ended);
    if (start === 'wait' || buffer === '') return undefined;
    if (!fence) {
      const code = codeStart(buffer, start, lineStart ? start : undefined, ended);
      if (code === 'wait') return undefined;
      if (code !== 'none' && code.type === 'fence') fence = { marker: code.marker, from: code.body };
    }
    const limits = spoken ? LATER_CLAUSE : FIRST_CLAUSE;
    const place = { clauseStart: start, lineStart, ended, language };
    scan ??= { at: start, soft: -1 };
    const end = fence ? fenceBreak(fence, ended) : findBreak(buffer, place, limits, scan);
    if (typeof end === 'string') return undefined;
    const clause = take(end, fence ? '' : speakable(buffer.slice(0, end), language));
    fence = scan = undefined;
    return clause;
  }

  function drain(ended: boolean): Clause[] {
    // Half of a surrogate pair says nothing yet: it waits for its other half.
    const half = ended ? '' : (/[\ud800-\udbff]$/.exec(buffer)?.[0] ?? '');
    if (half) buffer = buffer.slice(0, -1);
    const clauses: Clause[] = [];
    for (let clause = next(ended); clause; clause = next(ended)) clauses.push(clause);
    buffer += half;
    return clauses;
  }

  return {
    push(delta) {
      buffer += delta;
      return drain(false);
    },
    end: () => drain(true),
  };
}
