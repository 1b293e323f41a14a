import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineConfig } from '../../engines/engine-config.ts';
import { tinyOnnx } from './tiny-onnx.ts';

/** Frames at the end of the window that the tiny audio model looks at: a second. */
export const TINY_AUDIO_FRAMES = 100;
/** Words that the tiny text model knows, with what each adds to "complete" against "incomplete". */
const TINY_WORDS = { what: 0, time: 0, is: 0, it: 1, done: 2, more: -2 } as const;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Loudness of the last second, by the interface of Smart Turn v3: the sigmoid of the mean feature. */
const audioModel = tinyOnnx({
  inputs: [{ name: 'input_features', type: 'float32', dims: ['batch', 80, 800] }],
  outputs: [{ name: 'logits', type: 'float32', dims: ['batch', 1] }],
  constants: [
    { name: 'start', type: 'int64', dims: [1], values: [-TINY_AUDIO_FRAMES] },
    { name: 'end', type: 'int64', dims: [1], values: [800] },
    { name: 'time', type: 'int64', dims: [1], values: [2] },
    { name: 'one', type: 'int64', dims: [1], values: [1] },
  ],
  nodes: [
    { op: 'Slice', inputs: ['input_features', 'start', 'end', 'time'], output: 'last' },
    { op: 'ReduceMean', inputs: ['last'], output: 'mean', attributes: { axes: [1, 2], keepdims: 0 } },
    { op: 'Sigmoid', inputs: ['mean'], output: 'probability' },
    { op: 'Unsqueeze', inputs: ['probability', 'one'], output: 'logits' },
  ],
});

const words = Object.entries(TINY_WORDS);
const vocabulary = [...SPECIAL, ...words.map(([word]) => word)];

/** A sum over the words, by the interface of a DistilBERT classifier. */
const textModel = tinyOnnx({
  inputs: [
    { name: 'input_ids', type: 'int64', dims: ['batch', 'tokens'] },
    { name: 'attention_mask', type: 'int64', dims: ['batch', 'tokens'] },
  ],
  outputs: [{ name: 'logits', type: 'float32', dims: ['batch', 2] }],
  constants: [
    {
      name: 'table',
      type: 'float32',
      dims: [vocabulary.length, 2],
      values: [...SPECIAL.map(() => 0), ...words.map(([, weight]) => weight)].flatMap((weight) => [
        0,
        weight,
      ]),
    },
    { name: 'tokens', type: 'int64', dims: [1], values: [1] },
    { name: 'labels', type: 'int64', dims: [1], values: [2] },
  ],
  nodes: [
    { op: 'Gather', inputs: ['table', 'input_ids'], output: 'weights' },
    { op: 'Cast', inputs: ['attention_mask'], output: 'flat', attributes: { to: 1 } },
    { op: 'Unsqueeze', inputs: ['flat', 'labels'], output: 'mask' },
    { op: 'Mul', inputs: ['weights', 'mask'], output: 'masked' },
    { op: 'ReduceSum', inputs: ['masked', 'tokens'], output: 'logits', attributes: { keepdims: 0 } },
  ],
});

const tokenizer = {
  version: '1.0',
  added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true })),
  normalizer: { type: 'BertNormalizer', lowercase: true, clean_text: true, handle_chinese_chars: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
  },
};

const preprocessor = {
  feature_extractor_type: 'WhisperFeatureExtractor',
  feature_size: 80,
  sampling_rate: 16_000,
  n_fft: 400,
  hop_length: 160,
  chunk_length: 8,
  n_samples: 128_000,
  nb_max_frames: 800,
  do_normalize: true,
};

const files: Record<string, Record<string, string | Uint8Array>> = {
  'tiny/turn-audio': {
    'config.json': JSON.stringify({ model_type: 'custom' }),
    'preprocessor_config.json': JSON.stringify(preprocessor),
    'onnx/model_quantized.onnx': audioModel,
  },
  'tiny/turn-text': {
    'config.json': JSON.stringify({ model_type: 'distilbert' }),
    'tokenizer.json': JSON.stringify(tokenizer),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'DistilBertTokenizer', unk_token: '[UNK]' }),
    'onnx/model_quantized.onnx': textModel,
  },
};

/** Two models of known answers in a folder of their own. */
export interface TinyTurnModels {
  audio: EngineConfig;
  text: EngineConfig;
  /** Where the files of both lie: `tiny/turn-audio` and `tiny/turn-text`. */
  folder: string;
  remove(): Promise<void>;
}

export async function writeTinyTurnModels(): Promise<TinyTurnModels> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-turn-'));
  for (const [modelId, contents] of Object.entries(files)) {
    await mkdir(join(folder, modelId, 'onnx'), { recursive: true });
    for (const [path, content] of Object.entries(contents))
      await writeFile(join(folder, modelId, path), content);
  }
  const config = (engine: 'turn-audio' | 'turn-text'): EngineConfig => ({
    engine,
    modelId: `tiny/${engine}`,
    name: engine,
    modelsUrl: folder,
    device: 'cpu',
    dtype: 'q8',
    runtimeUrl: '',
  });
  return {
    audio: config('turn-audio'),
    text: config('turn-text'),
    folder,
    remove: () => rm(folder, { recursive: true }),
  };
}
