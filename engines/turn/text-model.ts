import { AutoTokenizer, type PreTrainedTokenizer } from '@huggingface/transformers';
import { disposeTensors, int64Tensor, toFloats } from '../onnx-session.ts';
import { TOKENIZER_FILES, type ModelOpener } from '../transformers-env.ts';
import { openClassifier, toProbability } from './classifier.ts';
import type { ScoringModel } from './scorer.ts';

/** Whether a turn has ended shows in its last words: the starter model learned from as many tokens. */
const MAX_TOKENS = 64;

/** Opens a classifier of two labels: `input_ids` and `attention_mask` to `logits` [1, 2], of which the second is "complete". */
export async function openTurnTextModel(opener: ModelOpener): Promise<ScoringModel<string>> {
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(opener.path));
  const session = await openClassifier(opener);

  async function score(text: string): Promise<number> {
    const ids = lastTokens(tokenizer, text);
    const shape = [1, ids.length];
    const outputs = await session.run({
      input_ids: int64Tensor(ids, shape),
      attention_mask: int64Tensor(
        ids.map(() => 1),
        shape,
      ),
    });
    try {
      const [incomplete = Number.NaN, complete = Number.NaN] = toFloats(outputs.logits!);
      return toProbability(1 / (1 + Math.exp(incomplete - complete)));
    } finally {
      disposeTensors(outputs);
    }
  }

  await opener.step('first run', () => score('what time is it'));
  return { score };
}

/** At most 64 tokens of the end of the text, with the special tokens that the tokenizer adds to any text. */
function lastTokens(tokenizer: PreTrainedTokenizer, text: string): number[] {
  let words = text.trim().split(/\s+/).slice(-MAX_TOKENS);
  for (;;) {
    const ids = tokenizer.encode(words.join(' '));
    if (ids.length <= MAX_TOKENS || words.length === 1) return ids.slice(-MAX_TOKENS);
    words = words.slice(Math.ceil(words.length / 4));
  }
}
