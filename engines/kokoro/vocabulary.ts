import { z } from 'zod';
import { corruptFile } from '../load-failure.ts';
import type { NamedModel } from '../load-failure.ts';

/** The part used here of Kokoro's tokenizer.json: one character a token, and "$" around each text. */
const tokenizerSchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.int().nonnegative()) }) });

const EDGE = '$';

export interface Vocabulary {
  /**
   * The characters that the model knows. Of one that it does not know the parts that it knows stay ("ã" is "a" and a
   * tilde), and the rest is left out.
   */
  known(phonemes: string): string;
  /** Ids of known characters, with the edges around them. */
  encode(phonemes: string): number[];
}

/** @throws AppError `model.corrupt` where tokenizer.json has another form. */
export function readVocabulary(json: unknown, model: NamedModel): Vocabulary {
  const parsed = tokenizerSchema.safeParse(json);
  const ids = new Map(Object.entries(parsed.data?.model.vocab ?? {}));
  const edge = ids.get(EDGE);
  if (edge === undefined) throw corruptFile(model, 'tokenizer.json', parsed.error);
  const isKnown = (character: string): boolean => character !== EDGE && ids.has(character);
  return {
    known: (phonemes) =>
      [...phonemes]
        .flatMap((each) => (isKnown(each) ? each : [...each.normalize('NFD')].filter(isKnown)))
        .join(''),
    encode: (phonemes) => [edge, ...[...phonemes].map((each) => ids.get(each) ?? edge), edge],
  };
}
