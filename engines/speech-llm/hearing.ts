import type { PretrainedConfig } from '@huggingface/transformers';
import { createKvDecoder, type KvDecoder } from '../causal-lm/kv-decoder.ts';
import {
  disposeTensors,
  floatTensor,
  int64Tensor,
  ofType,
  toFloats,
  type OnnxSession,
  type Tensors,
} from '../onnx-session.ts';
import type { ModelOpener } from '../transformers-env.ts';

/** A language model that is fed sound between its words: graphs `audio_encoder`, `embed_tokens`, `decoder_model_merged`. */
export interface Hearing {
  decoder: KvDecoder;
  /**
   * Encodes a spectrogram, [bands × frames] row by row.
   * @returns what stands for it among the tokens that `decoder` is given, until it is forgotten
   */
  hear(features: Float32Array, bands: number): Promise<number[]>;
  forget(ids: readonly number[]): void;
}

export async function openHearing(opener: ModelOpener, config: PretrainedConfig): Promise<Hearing> {
  const { text_config: text } = config as unknown as { text_config: { num_hidden_layers: number } };
  const cached = Array.from({ length: text.num_hidden_layers }, (_, layer) =>
    ['key', 'value'].map((part) => `present.${String(layer)}.${part}`),
  ).flat();
  const embedder = await opener.openGraph('embed_tokens', config);
  const encoder = await opener.openGraph('audio_encoder', config);
  const decoder = await opener.openGraph('decoder_model_merged', config, cached);
  const hearing = createHearing(embedder, encoder, decoder);
  opener.onClose(() => hearing.decoder.dispose());
  return hearing;
}

function createHearing(embedder: OnnxSession, encoder: OnnxSession, decoder: OnnxSession): Hearing {
  /** Encoded sound by the negative number that stands for it; numbers are never given twice. */
  const sounds = new Map<number, Float32Array>();
  let lastSound = 0;
  const embedType = decoder.inputMetadata.find(({ name }) => name === 'inputs_embeds')?.type ?? 'float32';

  async function embedWords(ids: readonly number[]): Promise<{ rows: Float32Array; width: number }> {
    const outputs = await embedder.run({ input_ids: int64Tensor(ids, [1, ids.length]) });
    const [embeds] = Object.values(outputs);
    const rows = toFloats(embeds!).slice();
    const width = embeds!.dims.at(-1)!;
    disposeTensors(outputs);
    return { rows, width };
  }

  /** Words go through the table of the model, with any word in the place of a sound, which is then put over it. */
  async function feedsOf(ids: readonly number[]): Promise<Tensors> {
    const { rows, width } = await embedWords(ids.map((id) => Math.max(0, id)));
    for (const [at, id] of ids.entries()) if (id < 0) rows.set(sounds.get(id)!, at * width);
    return { inputs_embeds: ofType(embedType, floatTensor('float32', rows, [1, ids.length, width])) };
  }

  return {
    decoder: createKvDecoder(decoder, feedsOf),
    async hear(features, bands) {
      const input = encoder.inputNames[0]!;
      const outputs = await encoder.run({
        [input]: floatTensor('float32', features, [1, bands, features.length / bands]),
      });
      const [encoded] = Object.values(outputs);
      const rows = toFloats(encoded!);
      const width = encoded!.dims.at(-1)!;
      const ids: number[] = [];
      for (let at = 0; at < rows.length; at += width) {
        sounds.set(--lastSound, rows.slice(at, at + width));
        ids.push(lastSound);
      }
      disposeTensors(outputs);
      return ids;
    },
    forget(ids) {
      for (const id of ids) sounds.delete(id);
    },
  };
}
