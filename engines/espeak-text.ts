/** About 12 s of speech, synthesised in some 50 ms, during which the thread hears no abort. */
const LONGEST_PIECE = 200;

/**
 * Text as eSpeak NG may have it, in pieces that are synthesised one at a time: sentences, and long sentences cut between
 * words. Without letters or digits there is nothing to say, and no piece. Characters with a meaning to eSpeak (markup,
 * phoneme brackets, the end of a C string) become spaces.
 */
export function toPieces(text: string): string[] {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}<>]|\[\[|\]\]/gu, ' ')
    .trim();
  return plain
    .split(/(?<=[.!?…।]["')\]]*)\s+/u)
    .flatMap(cutLong)
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

function cutLong(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_PIECE) {
    const space = rest.lastIndexOf(' ', LONGEST_PIECE);
    const end = space > 0 ? space : LONGEST_PIECE;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}
