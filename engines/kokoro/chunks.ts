/** Tokens of one run beside the two that enclose them: Kokoro's context of 512. */
export const LONGEST_CHUNK = 510;

/**
 * Parts phonemes into what Kokoro speaks in one run: sentences, and longer ones at their last clause mark, else between
 * words. A phoneme is one character.
 */
export function toChunks(phonemes: string, longest: number = LONGEST_CHUNK): string[] {
  return phonemes
    .split(/(?<=[.!?…][”")]*) /)
    .flatMap((sentence) => cutLong(sentence.trim(), longest))
    .filter((chunk) => /\p{L}/u.test(chunk));
}

function cutLong(sentence: string, longest: number): string[] {
  const chunks: string[] = [];
  let rest = sentence;
  while (rest.length > longest) {
    const head = rest.slice(0, longest);
    const end = lastEnd(head, /[;:,—)”"]+ /g) ?? lastEnd(head, / /g) ?? longest;
    chunks.push(rest.slice(0, end).trim());
    rest = rest.slice(end);
  }
  return [...chunks, rest.trim()];
}

/** Where the last match ends; in the first quarter it would leave a fragment. */
function lastEnd(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1);
  const end = last && last.index + last[0].length;
  return end !== undefined && end > text.length / 4 ? end : undefined;
}
