import {
  advancePast,
  boolTensor,
  disposeTensors,
  emptyPast,
  int64Tensor,
  toFloats,
  type OnnxSession,
  type OnnxTensor,
  type Tensors,
} from '../onnx-session.ts';
import type { Logits } from './greedy.ts';

/** The decoder of a model that looks at encoded audio while it writes: "decoder_model_merged". */
export interface CrossDecoder {
  /** Feeds tokens after all that were fed before. */
  step(ids: readonly number[]): Promise<Logits>;
  dispose(): void;
}

/** @param audio what the encoder made of the audio; stays the caller's */
export function createCrossDecoder(session: OnnxSession, audio: OnnxTensor): CrossDecoder {
  let past: Tensors | undefined;
  return {
    async step(ids) {
      const feeds: Tensors = {
        ...(past ?? emptyPast(session)),
        input_ids: int64Tensor(ids, [1, ids.length]),
        encoder_hidden_states: audio,
      };
      if (session.inputNames.includes('use_cache_branch'))
        feeds.use_cache_branch = boolTensor(past !== undefined);
      if (session.inputNames.includes('encoder_attention_mask')) {
        const frames = audio.dims[1]!;
        feeds.encoder_attention_mask = int64Tensor(new Array<number>(frames).fill(1), [1, frames]);
      }
      const outputs = await session.run(feeds);
      past = advancePast(past ?? {}, outputs, past === undefined);
      return { rows: toFloats(outputs.logits!), vocabulary: outputs.logits!.dims.at(-1)! };
    },
    dispose() {
      if (past) disposeTensors(past);
    },
  };
}

/** The outputs of such a decoder that go back into it, and are best left where they are. */
export function crossCacheNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
      (part) => `present.${layer}.${part}`,
    ),
  ).flat();
}
