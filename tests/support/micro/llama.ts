import type { EngineDtype } from '../../../engines/engine-config.ts';
import { onnxFileName } from '../../../engines/onnx-files.ts';
import { tensorBytes } from '../tiny-onnx.ts';
import { createGraph, type GraphBuilder } from './graph.ts';
import { byteLevelTokenizer } from './tokenizer.ts';
import type { ModelFiles } from './write.ts';

/** Width of the model, and of a block of 4-bit weights. */
const WIDTH = 32;
/** How far the right token stands above all others: the largest 4-bit weight, 7, times the scale of all. */
const SCALE = 2;
const SURE = 7 * SCALE;

const words = ['hello', 'fine', 'Ġthanks', 'lost'];
const special = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>'];
const vocabulary = [...words, ...special];
const id = (token: string): number => vocabulary.indexOf(token);
/** What follows what. */
const follows = [
  ['<|assistant|>', 'fine'],
  ['fine', 'Ġthanks'],
  ['Ġthanks', '<|end|>'],
] as const;

export interface LlamaOptions {
  modelType: 'llama' | 'qwen3';
  dtype: EngineDtype;
  /** Puts the weights into a file beside the graph's, as large models have it. */
  external?: boolean;
}

/**
 * A chat model that answers "fine thanks" to everything, and "lost" where it did not get back all keys that it gave.
 * Its types are real: half floats in and out, 4-bit blocks.
 */
export function microLlama({ modelType, dtype, external = false }: LlamaOptions): ModelFiles {
  const file = onnxFileName({ dtype, name: modelType }, 'model');
  const data = `${file}_data`;
  return {
    'config.json': {
      model_type: modelType,
      architectures: [modelType === 'llama' ? 'LlamaForCausalLM' : 'Qwen3ForCausalLM'],
      vocab_size: vocabulary.length,
      hidden_size: WIDTH,
      num_hidden_layers: 1,
      num_attention_heads: 1,
      num_key_value_heads: 1,
      head_dim: 2,
      max_position_embeddings: 512,
      eos_token_id: id('<|end|>'),
      ...(external && { 'transformers.js_config': { use_external_data_format: { [file]: 1 } } }),
    },
    'generation_config.json': { eos_token_id: id('<|end|>') },
    ...withTemplate(byteLevelTokenizer('PreTrainedTokenizerFast', words, special, '<|end|>')),
    [`onnx/${file}`]: model(dtype, external ? data : undefined),
    ...(external && { [`onnx/${data}`]: tensorBytes(headType(dtype), headValues(dtype)) }),
  };
}

function withTemplate(files: ModelFiles): ModelFiles {
  const template =
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}<|assistant|>";
  return {
    ...files,
    'tokenizer_config.json': { ...files['tokenizer_config.json'], chat_template: template },
  };
}

const isHalf = (dtype: EngineDtype): boolean => dtype === 'fp16' || dtype === 'q4f16';
const isBlocks = (dtype: EngineDtype): boolean => dtype === 'q4' || dtype === 'q4f16';
const floatType = (dtype: EngineDtype) => (isHalf(dtype) ? 'float16' : 'float32');
const headType = (dtype: EngineDtype) => (isBlocks(dtype) ? 'uint8' : floatType(dtype));

/** What each token leads to: 4-bit rows [vocabulary, 1, 16] with 8 as zero, or floats [32, vocabulary]. */
function headValues(dtype: EngineDtype): number[] {
  const pairs = follows.map(([from, to]) => [id(from), id(to)] as const);
  if (isBlocks(dtype)) {
    const rows = new Array<number>(vocabulary.length * WIDTH).fill(8);
    for (const [from, to] of pairs) rows[to * WIDTH + from] = 15;
    return Array.from({ length: rows.length / 2 }, (_, at) => rows[2 * at]! | (rows[2 * at + 1]! << 4));
  }
  const columns = new Array<number>(WIDTH * vocabulary.length).fill(0);
  for (const [from, to] of pairs) columns[from * vocabulary.length + to] = SURE;
  return columns;
}

function model(dtype: EngineDtype, external: string | undefined): Uint8Array<ArrayBuffer> {
  const graph = createGraph();
  const float = floatType(dtype);
  const cast = (value: string): string => graph.op('Cast', [value], { to: isHalf(dtype) ? 10 : 1 });
  const ids = graph.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
  const mask = graph.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
  graph.input('position_ids', 'int64', ['batch_size', 'sequence_length']);
  const shape = ['batch_size', 1, 'past_sequence_length', 2] as const;
  const pastKey = graph.input('past_key_values.0.key', float, shape);
  const pastValue = graph.input('past_key_values.0.value', float, shape);

  const oneHot = Array.from({ length: vocabulary.length * WIDTH }, (_, at) =>
    Math.floor(at / WIDTH) === at % WIDTH ? 1 : 0,
  );
  const hidden = cast(graph.op('Gather', [graph.floats([vocabulary.length, WIDTH], oneHot), ids]));
  const logits = head(graph, dtype, hidden, external);

  const ones = graph.floats([vocabulary.length, 2], new Array<number>(vocabulary.length * 2).fill(1));
  const key = graph.unsqueeze(cast(graph.op('Gather', [ones, ids])), 1);
  const present = [graph.concat(2, pastKey, key), graph.concat(2, pastValue, key)] as const;
  const kept = graph.op('ReduceMean', [graph.op('Cast', [present[0]], { to: 1 })], { axes: [3] });
  const count = graph.op('ReduceSum', [kept, graph.integers(1, 2, 3)], { keepdims: 0 });
  const read = graph.op('ReduceSum', [graph.op('Cast', [mask], { to: 1 }), graph.integers(1)], {
    keepdims: 0,
  });
  const isLost = graph.op('Abs', [graph.op('Sub', [count, read])]);
  const lost = vocabulary.map((_, at) => (at === id('lost') ? 100 : 0));
  const penalty = graph.op('Mul', [
    graph.unsqueeze(isLost, 0),
    graph.floats([1, 1, vocabulary.length], lost),
  ]);
  const all = graph.op('Add', [graph.op('Cast', [logits], { to: 1 }), penalty]);

  graph.output('logits', float, ['batch_size', 'sequence_length', vocabulary.length], cast(all));
  const presentShape = ['batch_size', 1, 'total_sequence_length', 2] as const;
  graph.output('present.0.key', float, presentShape, present[0]);
  graph.output('present.0.value', float, presentShape, present[1]);
  return graph.file();
}

function head(graph: GraphBuilder, dtype: EngineDtype, hidden: string, external: string | undefined): string {
  const storage = {
    type: headType(dtype),
    values: headValues(dtype),
    ...(external && { external }),
  } as const;
  if (!isBlocks(dtype)) {
    return graph.op('MatMul', [hidden, graph.weight({ ...storage, dims: [WIDTH, vocabulary.length] })]);
  }
  const blocks = graph.weight({ ...storage, dims: [vocabulary.length, 1, WIDTH / 2] });
  const scales = graph.weight({
    type: floatType(dtype),
    dims: [vocabulary.length],
    values: vocabulary.map(() => SCALE),
  });
  const attributes = { K: WIDTH, N: vocabulary.length, bits: 4, block_size: WIDTH };
  return graph.microsoft('MatMulNBits', [hidden, blocks, scales], attributes);
}
