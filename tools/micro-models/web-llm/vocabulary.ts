/** Tokens of the micro-model: one for each byte, and whole pieces for what it knows. */

export const MARKS = ['<|system|>', '<|user|>', '<|assistant|>', '<|end|>'] as const;
/** The letter of byte 10. */
export const LINE_BREAK = '\u010a';
const CALL = '<tool_call>';

/**
 * What it says, in the pieces that it is said in. Each piece occurs once, so that one leads to the next, and none is a
 * single letter, which is a token already.
 */
export const replies = {
  greeting: ['Hello', ' there!', ' How', ' are', ' you?'],
  joke: ['Why', ' did', ' the', ' chicken', ' cross', ' the road?', ' To', ' get', ' across.'],
  stranger: ['Sorry,', ' I do', ' not', ' know', ' you.'],
  anna: ['You', ' must', ' be', ' Anna.'],
  result: ['It', ' says', ' noon.'],
  /** What it would write after opening a call, were it not held to the grammar. */
  call: [CALL, ' gladly', ' but', ' wrongly.'],
} as const;

/** Words that make a reply likelier, by how much each time. */
export const topics: readonly { word: string; reply: keyof typeof replies; weight: number }[] = [
  { word: 'joke', reply: 'joke', weight: 10 },
  { word: 'who', reply: 'stranger', weight: 6 },
  { word: 'Anna', reply: 'anna', weight: 20 },
  { word: 'time', reply: 'call', weight: 10 },
  { word: '<tool_response>', reply: 'result', weight: 200 },
];

/** Where nothing was said of it. The instructions for tools name their result once, which must not count. */
export const startOf: Readonly<Partial<Record<keyof typeof replies, number>>> = { greeting: 5, result: -300 };

/** What it prefers in JSON, where the grammar leaves a choice: to close, else to name, else a five. */
export const inJson: readonly [byte: string, weight: number][] = [
  ['}', 1],
  ['"', 0.5],
  ['5', 0.25],
];

/** All tokens, by id: the bytes in the letters that byte-level tokenizers write them with, then marks and pieces. */
export const tokens: readonly string[] = [
  ...byteLetters(),
  ...MARKS,
  ...new Set([...topics.map(({ word }) => word), ...Object.values(replies).flat()]),
];

/** @throws Error for a piece that is none */
export function idOf(token: string): number {
  const id = tokens.indexOf(token);
  if (id < 0) throw new Error(`There is no token ${token}.`);
  return id;
}

/** GPT-2's letters for bytes: itself where it can be printed, else the next one from U+0100 on. */
function byteLetters(): string[] {
  const printable = (byte: number): boolean =>
    (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad) || byte === 0xa1;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/** tokenizer.json in the format of the tokenizers library. */
export function tokenizerJson(): unknown {
  const bytes = tokens.slice(0, 256);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: tokens.slice(256).map((content, at) => ({
      id: 256 + at,
      content,
      single_word: /^\w+$/.test(content),
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: (MARKS as readonly string[]).includes(content),
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(bytes.map((letter, id) => [letter, id])),
      merges: [],
    },
  };
}
