import type { PreTrainedTokenizer } from '@huggingface/transformers';

/** The text of tokens, without white space around it; the library has none for no tokens. */
export function decodeText(tokenizer: PreTrainedTokenizer, ids: number[]): string {
  return ids.length === 0 ? '' : tokenizer.decode(ids, { skip_special_tokens: true }).trim();
}
