import { createGraph } from './graph.ts';
import { toneWeights } from './tones.ts';
import type { ModelFiles } from './write.ts';

/** Columns of an embedding: one for every token, both tones, what a token is for the answer, and what it is a sign of. */
const WIDTH = 8;
const COLUMN = { one: 0, low: 1, high: 2, asks: 3, sound: 4, last: 5, sign: 6 } as const;
/** How far the right token stands above all others. */
const SURE = 12;

export interface HearingOptions {
  vocabulary: number;
  bands: number;
  /** Frames of the spectrum, where the encoder insists on a number. */
  frames: number | string;
  /** Frames of the spectrum that one token of sound stands for. */
  stack: number;
  tokens: {
    /** After these the sound is named. */
    asks: number;
    low: number;
    high: number;
    /** Said where nothing is heard. */
    nothing: number;
    /** Follows the name of the sound… */
    tone: number;
    /** …or this does, where more than `signs` of the prompt's tokens are `sign`. */
    other: number;
    sign: number;
    end: number;
    lost: number;
  };
  signs: number;
}

/**
 * The three graphs of a language model that hears. It names the tone, says one word more, which depends on what else
 * stands in the prompt, and ends; it says "lost" where it did not get back all keys that it gave.
 */
export function hearingGraphs(options: HearingOptions): ModelFiles {
  return {
    'onnx/embed_tokens.onnx': embedTokens(options),
    'onnx/audio_encoder.onnx': audioEncoder(options),
    'onnx/decoder_model_merged.onnx': decoder(options),
  };
}

function embedTokens({ vocabulary, tokens }: HearingOptions): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const ids = graph.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
  const table = Array.from({ length: vocabulary * WIDTH }, (_, at) => (at % WIDTH === COLUMN.one ? 1 : 0));
  const mark = (id: number, column: number): void => void (table[id * WIDTH + column] = 1);
  mark(tokens.asks, COLUMN.asks);
  for (const id of [tokens.low, tokens.high, tokens.nothing]) mark(id, COLUMN.sound);
  for (const id of [tokens.tone, tokens.other]) mark(id, COLUMN.last);
  mark(tokens.sign, COLUMN.sign);
  const embeds = graph.op('Gather', [graph.floats([vocabulary, WIDTH], table), ids]);
  graph.output('inputs_embeds', 'float32', ['batch_size', 'sequence_length', WIDTH], embeds);
  return graph.file();
}

function audioEncoder({ bands, frames, stack }: HearingOptions): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const values = graph.input('audio_values', 'float32', ['batch_size', bands, frames]);
  const byFrame = graph.op('Transpose', [values], { perm: [0, 2, 1] });
  const heard = graph.op('MatMul', [byFrame, graph.floats([bands, 2], toneWeights(bands))]);
  const pooled = graph.op('MaxPool', [graph.op('Transpose', [heard], { perm: [0, 2, 1] })], {
    kernel_shape: [stack],
    strides: [stack],
    ceil_mode: 1,
  });
  const tones = graph.op('Transpose', [pooled], { perm: [0, 2, 1] });
  const place = new Array<number>(2 * WIDTH).fill(0);
  place[COLUMN.low] = 1;
  place[WIDTH + COLUMN.high] = 1;
  const one = Array.from({ length: WIDTH }, (_, column) => (column === COLUMN.one ? 1 : 0));
  const placed = graph.op('MatMul', [tones, graph.floats([2, WIDTH], place)]);
  const rows = graph.op('Add', [placed, graph.floats([WIDTH], one)]);
  graph.output('audio_features', 'float32', ['batch_size', 'audio_tokens', WIDTH], rows);
  return graph.file();
}

function decoder({ vocabulary, tokens, signs }: HearingOptions): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const embeds = graph.input('inputs_embeds', 'float32', ['batch_size', 'sequence_length', WIDTH]);
  const mask = graph.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
  graph.input('position_ids', 'int64', ['batch_size', 'sequence_length']);
  const shape = ['batch_size', 1, 'past_sequence_length', WIDTH] as const;
  const pastKey = graph.input('past_key_values.0.key', 'float32', shape);
  const pastValue = graph.input('past_key_values.0.value', 'float32', shape);
  const key = graph.unsqueeze(embeds, 1);
  const present = [graph.concat(2, pastKey, key), graph.concat(2, pastValue, key)] as const;

  const row = (...weights: readonly (readonly [number, number])[]): string => {
    const values = new Array<number>(vocabulary).fill(0);
    for (const [id, weight] of weights) values[id] = weight;
    return graph.floats([1, vocabulary], values);
  };
  const columnOf = (of: string, column: number, axis: number): string =>
    graph.op('Slice', [of, graph.integers(column), graph.integers(column + 1), graph.integers(axis)]);
  const isToken = (column: number): string => columnOf(embeds, column, 2);
  const times = (left: string, right: string): string => graph.op('MatMul', [left, right]);
  const sumOf = (column: number): string =>
    columnOf(graph.op('ReduceSum', [present[0], graph.integers(1, 2)], { keepdims: 0 }), column, 1);
  const loudest = graph.op('ReduceMax', [present[0]], { axes: [1, 2], keepdims: 0 });

  const sound = graph.op('Add', [
    times(columnOf(loudest, COLUMN.low, 1), row([tokens.low, SURE])),
    times(columnOf(loudest, COLUMN.high, 1), row([tokens.high, SURE])),
  ]);
  const named = graph.op('Add', [graph.unsqueeze(sound, 1), row([tokens.nothing, SURE / 2])]);
  const first = graph.op('Mul', [isToken(COLUMN.asks), named]);
  const more = graph.op('Sub', [sumOf(COLUMN.sign), graph.floats([1, 1], [signs + 0.5])]);
  const choice = graph.op('Add', [times(more, row([tokens.other, 4 * SURE])), row([tokens.tone, SURE])]);
  const second = graph.op('Mul', [isToken(COLUMN.sound), graph.unsqueeze(choice, 1)]);
  const last = times(isToken(COLUMN.last), row([tokens.end, SURE]));
  const read = graph.op('ReduceSum', [graph.op('Cast', [mask], { to: 1 }), graph.integers(1)], {
    keepdims: 0,
  });
  const isLost = graph.op('Abs', [graph.op('Sub', [sumOf(COLUMN.one), graph.unsqueeze(read, 1)])]);
  const lost = graph.unsqueeze(times(isLost, row([tokens.lost, 10 * SURE])), 1);
  const logits = [second, last, lost].reduce((sum, part) => graph.op('Add', [sum, part]), first);

  graph.output('logits', 'float32', ['batch_size', 'sequence_length', vocabulary], logits);
  const presentShape = ['batch_size', 1, 'total_sequence_length', WIDTH] as const;
  graph.output('present.0.key', 'float32', presentShape, present[0]);
  graph.output('present.0.value', 'float32', presentShape, present[1]);
  return graph.file();
}
