import type { ModelFiles } from './write.ts';

interface AddedToken {
  id: number;
  content: string;
  special: true;
}

function added(tokens: readonly string[], from: number): AddedToken[] {
  return tokens.map((content, index) => ({ id: from + index, content, special: true }));
}

const vocabOf = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));

/** The files of a tokenizer of whole words: those of its model, and those that are special and stand behind them. */
export function byteLevelTokenizer(
  name: string,
  words: readonly string[],
  special: readonly string[],
  end: string,
): ModelFiles {
  return {
    'tokenizer.json': {
      version: '1.0',
      added_tokens: added(special, words.length),
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: { type: 'BPE', vocab: vocabOf(words), merges: [], unk_token: null },
    },
    'tokenizer_config.json': { tokenizer_class: name, bos_token: end, eos_token: end, unk_token: end },
  };
}

/** The same of a SentencePiece tokenizer, whose special tokens stand before its words, or behind them. */
export function sentencePieceTokenizer(
  name: string,
  words: readonly string[],
  before: readonly string[],
  end: string,
  behind: readonly string[] = [],
): ModelFiles {
  return {
    'tokenizer.json': {
      version: '1.0',
      added_tokens: [...added(before, 0), ...added(behind, before.length + words.length)],
      normalizer: null,
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
      post_processor: null,
      decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
      model: {
        type: 'BPE',
        vocab: vocabOf([...before, ...words, ...behind]),
        merges: [],
        unk_token: '<unk>',
        fuse_unk: true,
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: name,
      unk_token: '<unk>',
      pad_token: behind[0] ?? end,
      eos_token: end,
    },
  };
}
