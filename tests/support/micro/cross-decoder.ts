import { createGraph } from './graph.ts';

/** Ids of the words of a model that hears tones: "low tone", or "low ton" in the other language. */
export interface ToneWords {
  low: number;
  high: number;
  tone: number;
  /** Said in place of `tone` where the prompt names the second language. */
  ton: number;
}

export interface CrossDecoderOptions {
  vocabulary: number;
  words: ToneWords;
  end: number;
  /** Every token that a prompt may end with: the word for the sound follows it. */
  promptEnds: readonly number[];
  promptLength: number;
  /** The token of the second language. */
  secondLanguage?: number;
}

/** How far the right token stands above all others. */
const SURE = 12;

/**
 * `decoder_model_merged` of an encoder-decoder model, with one layer. It names the tone that the encoder heard, says
 * "tone" and ends. It is right only where it gets back all that it gave: the keys hold how many tokens it has read and
 * the language; those of the encoder come on the first step, and on later ones as empty tensors.
 */
export function crossDecoder(options: CrossDecoderOptions): Uint8Array<ArrayBuffer> {
  const { vocabulary, words, end, promptEnds, promptLength, secondLanguage } = options;
  const graph = createGraph();
  const ids = graph.input('input_ids', 'int64', ['batch_size', 'tokens']);
  const audio = graph.input('encoder_hidden_states', 'float32', ['batch_size', 'frames', 2]);
  const past = ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((part) =>
    graph.input(`past_key_values.0.${part}`, 'float32', ['batch_size', 1, `past_${part}`, 2]),
  );
  const hasPast = graph.input('use_cache_branch', 'bool', [1]);

  // What a token is: [tokens, (asks for the sound, is the sound, is the last word)].
  const kinds = new Array<number>(vocabulary * 3).fill(0);
  for (const id of promptEnds) kinds[id * 3] = 1;
  for (const id of [words.low, words.high]) kinds[id * 3 + 1] = 1;
  for (const id of [words.tone, words.ton]) kinds[id * 3 + 2] = 1;
  const kind = graph.op('Gather', [graph.floats([vocabulary, 3], kinds), ids]);
  const column = (from: number): string =>
    graph.op('Slice', [kind, graph.integers(from), graph.integers(from + 1), graph.integers(2)]);

  // Its key: [1, whether it is the second language].
  const keys = new Array<number>(vocabulary * 2).fill(0).map((_, index) => (index % 2 === 0 ? 1 : 0));
  if (secondLanguage !== undefined) keys[secondLanguage * 2 + 1] = 1;
  const key = graph.unsqueeze(graph.op('Gather', [graph.floats([vocabulary, 2], keys), ids]), 1);
  const presentKey = graph.concat(2, past[0]!, key);
  const presentValue = graph.concat(2, past[1]!, key);
  const known = graph.op('ReduceSum', [presentKey, graph.integers(1, 2)], { keepdims: 0 });
  const count = graph.op('Slice', [known, graph.integers(0), graph.integers(1), graph.integers(1)]);
  const isSecond = graph.op('Slice', [known, graph.integers(1), graph.integers(2), graph.integers(1)]);

  // The keys of the encoder, cut to nothing where they are there already.
  const frames = graph.op('Gather', [graph.op('Shape', [audio]), graph.integers(1)]);
  const isNew = graph.op('Sub', [graph.integers(1), graph.op('Cast', [hasPast], { to: 7 })]);
  const heard = graph.op('Slice', [
    graph.unsqueeze(audio, 1),
    graph.integers(0),
    graph.op('Mul', [frames, isNew]),
    graph.integers(2),
  ]);
  // Silence, so that the loudest of nothing is nothing.
  const all = graph.concat(2, past[2]!, heard, graph.floats([1, 1, 1, 2], [0, 0]));
  const sound = graph.op('ReduceMax', [all], { axes: [1, 2], keepdims: 0 });

  const row = (...weights: readonly (readonly [number, number])[]): string => {
    const values = new Array<number>(vocabulary).fill(0);
    for (const [id, weight] of weights) values[id] = weight;
    return graph.floats([1, vocabulary], values);
  };
  const times = (left: string, right: string): string => graph.op('MatMul', [left, right]);
  const part = (of: string, index: number): string =>
    graph.op('Slice', [of, graph.integers(index), graph.integers(index + 1), graph.integers(1)]);
  const loudness = graph.op('Add', [
    times(part(sound, 0), row([words.low, SURE])),
    times(part(sound, 1), row([words.high, SURE])),
  ]);
  const first = graph.op('Mul', [column(0), graph.unsqueeze(loudness, 1)]);
  const language = graph.op('Mul', [
    column(1),
    graph.unsqueeze(times(isSecond, row([words.ton, 2 * SURE])), 1),
  ]);
  const second = graph.op('Add', [times(column(1), row([words.tone, SURE])), language]);
  const length = graph.op('Sub', [count, graph.floats([1, 1], [promptLength + 1.5])]);
  const isHeard = graph.op('ReduceMax', [sound], { axes: [1] });
  const last = graph.unsqueeze(times(graph.op('Mul', [length, isHeard]), row([end, 2 * SURE])), 1);
  const logits = graph.op('Add', [graph.op('Add', [first, second]), last]);

  graph.output('logits', 'float32', ['batch_size', 'tokens', vocabulary], logits);
  const outputs = [presentKey, presentValue, heard, heard];
  for (const [index, name] of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].entries())
    graph.output(`present.0.${name}`, 'float32', ['batch_size', 1, `all_${name}`, 2], outputs[index]!);
  return graph.file();
}
