/** Longest run of tokens that can belong to one character: a byte each, with a joined emoji in mind. */
const MAX_HELD_TOKENS = 16;
const UNFINISHED = '\uFFFD';

/**
 * Turns tokens into text as they come. Bytes of an unfinished character are held back until it is whole. Each piece is
 * decoded together with the one before it, because some tokenizers write a token's space only in context.
 */
export function createTextStream(decode: (ids: number[]) => string): {
  push(id: number): string;
  /** What is still held; broken characters become U+FFFD. */
  flush(): string;
} {
  let context: number[] = [];
  let held: number[] = [];

  function take(force: boolean): string {
    if (held.length === 0) return '';
    const before = context.length > 0 ? decode(context) : '';
    const text = decode([...context, ...held]);
    if (text.endsWith(UNFINISHED) && !force && held.length < MAX_HELD_TOKENS) return '';
    context = held;
    held = [];
    return text.slice(before.length);
  }

  return {
    push(id) {
      held.push(id);
      return take(false);
    },
    flush: () => take(true),
  };
}
