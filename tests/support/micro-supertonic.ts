import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineConfig } from '../../engines/engine-config.ts';
import { tinyOnnx } from './tiny-onnx.ts';

/** As Supertonic 2's config.json has them. */
const SHAPE = {
  sampling_rate: 44_100,
  chunk_compress_factor: 6,
  base_chunk_size: 512,
  latent_dim: 24,
  style_dim: 128,
};
const FRAME_SAMPLES = SHAPE.chunk_compress_factor * SHAPE.base_chunk_size;
const CHANNELS = SHAPE.chunk_compress_factor * SHAPE.latent_dim;
/** What it says lasts as long for each letter, those of the language's marks included. */
export const SECONDS_PER_LETTER = 0.05;
const PERIODS_PER_FRAME = 31;
const LOUDNESS = 0.5;

/** The hidden state is the first number of the style for each letter: it tells whether the voice came through. */
const textEncoder = tinyOnnx({
  inputs: [
    { name: 'input_ids', type: 'int64', dims: [1, 'letters'] },
    { name: 'attention_mask', type: 'int64', dims: [1, 'letters'] },
    { name: 'style', type: 'float32', dims: [1, 'styles', 128] },
  ],
  outputs: [
    { name: 'last_hidden_state', type: 'float32', dims: [1, 'letters'] },
    { name: 'durations', type: 'float32', dims: [1] },
  ],
  constants: [
    { name: 'letter', type: 'float32', dims: [], values: [SECONDS_PER_LETTER] },
    { name: 'first', type: 'int64', dims: [], values: [0] },
    { name: 'along', type: 'int64', dims: [1], values: [1] },
  ],
  nodes: [
    { op: 'Cast', inputs: ['attention_mask'], output: 'mask', attributes: { to: 1 } },
    { op: 'Mul', inputs: ['mask', 'letter'], output: 'seconds' },
    { op: 'ReduceSum', inputs: ['seconds', 'along'], output: 'durations', attributes: { keepdims: 0 } },
    { op: 'Gather', inputs: ['style', 'first'], output: 'styled', attributes: { axis: 1 } },
    { op: 'Gather', inputs: ['styled', 'first'], output: 'loudness', attributes: { axis: 1 } },
    { op: 'Mul', inputs: ['mask', 'loudness'], output: 'last_hidden_state' },
  ],
});

/** Whatever the noise: the share of the steps that are done, as loud as the voice is. */
const latentDenoiser = tinyOnnx({
  inputs: [
    { name: 'style', type: 'float32', dims: [1, 'styles', 128] },
    { name: 'noisy_latents', type: 'float32', dims: [1, CHANNELS, 'frames'] },
    { name: 'latent_mask', type: 'int64', dims: [1, 'frames'] },
    { name: 'encoder_outputs', type: 'float32', dims: [1, 'letters'] },
    { name: 'attention_mask', type: 'int64', dims: [1, 'letters'] },
    { name: 'timestep', type: 'float32', dims: [1] },
    { name: 'num_inference_steps', type: 'float32', dims: [1] },
  ],
  outputs: [{ name: 'denoised_latents', type: 'float32', dims: [1, CHANNELS, 'frames'] }],
  constants: [
    { name: 'nothing', type: 'float32', dims: [], values: [0] },
    { name: 'one', type: 'float32', dims: [], values: [1] },
  ],
  nodes: [
    { op: 'Mul', inputs: ['noisy_latents', 'nothing'], output: 'empty' },
    { op: 'Add', inputs: ['timestep', 'one'], output: 'done' },
    { op: 'Div', inputs: ['done', 'num_inference_steps'], output: 'share' },
    {
      op: 'ReduceMean',
      inputs: ['encoder_outputs'],
      output: 'loudness',
      attributes: { axes: [1], keepdims: 0 },
    },
    { op: 'Mul', inputs: ['share', 'loudness'], output: 'level' },
    { op: 'Add', inputs: ['empty', 'level'], output: 'denoised_latents' },
  ],
});

const tone = (at: number): number =>
  LOUDNESS * Math.sin((2 * Math.PI * PERIODS_PER_FRAME * at) / FRAME_SAMPLES);

/** A tone as loud as the latents are large. */
const voiceDecoder = tinyOnnx({
  inputs: [{ name: 'latents', type: 'float32', dims: [1, CHANNELS, 'frames'] }],
  outputs: [{ name: 'waveform', type: 'float32', dims: [1, 'samples'] }],
  constants: [
    {
      name: 'tone',
      type: 'float32',
      dims: [FRAME_SAMPLES],
      values: Array.from({ length: FRAME_SAMPLES }, (_, at) => tone(at)),
    },
    { name: 'last', type: 'int64', dims: [1], values: [2] },
    { name: 'batched', type: 'int64', dims: [2], values: [1, -1] },
  ],
  nodes: [
    { op: 'ReduceMean', inputs: ['latents'], output: 'level', attributes: { axes: [1], keepdims: 0 } },
    { op: 'Unsqueeze', inputs: ['level', 'last'], output: 'levels' },
    { op: 'Mul', inputs: ['levels', 'tone'], output: 'frames' },
    { op: 'Reshape', inputs: ['frames', 'batched'], output: 'waveform' },
  ],
});

const letters = [
  ...new Set(" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?<>/'éèêçàáíóúñãõâô¿¡$"),
];

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: { type: 'NFC' },
  pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: Object.fromEntries(['[UNK]', ...letters].map((letter, id) => [letter, id])),
    unk_token: '[UNK]',
  },
};

/** What the micro-Supertonic makes of a sentence with a style, computed here. */
export function microTone(sentence: string, language: string, speed: number): Float32Array {
  const tagged = `<${language}>${sentence}</${language}>`.length;
  const length = Math.ceil(((tagged * SECONDS_PER_LETTER) / speed) * SHAPE.sampling_rate);
  return Float32Array.from({ length }, (_, at) => tone(at % FRAME_SAMPLES));
}

/** How loud each voice is against `microTone`. */
export const microLoudness: Readonly<Record<string, number>> = { F1: 1, M3: 0.5 };

function styleFile(loudness: number): Uint8Array {
  const style = new Float32Array(50 * SHAPE.style_dim);
  style[0] = loudness;
  return new Uint8Array(style.buffer);
}

/** The files of a micro-Supertonic by path, one folder of a hub repository. */
export const microSupertonicFiles = () =>
  new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify({ model_type: 'supertonic', ...SHAPE })],
    ['tokenizer.json', JSON.stringify(tokenizer)],
    [
      'tokenizer_config.json',
      JSON.stringify({ tokenizer_class: 'PreTrainedTokenizer', unk_token: '[UNK]', pad_token: ' ' }),
    ],
    ['onnx/text_encoder.onnx', textEncoder],
    ['onnx/latent_denoiser.onnx', latentDenoiser],
    ['onnx/voice_decoder.onnx', voiceDecoder],
    ...Object.entries(microLoudness).map(
      ([voice, loudness]) => [`voices/${voice}.bin`, styleFile(loudness)] as const,
    ),
  ]);

export interface MicroSupertonic {
  config: EngineConfig;
  folder: string;
  remove(): Promise<void>;
}

/** A micro-Supertonic in a folder of its own, to be run in Node. */
export async function writeMicroSupertonic(): Promise<MicroSupertonic> {
  const modelsUrl = await mkdtemp(join(tmpdir(), 'parley-supertonic-'));
  const modelId = 'micro/supertonic';
  const folder = join(modelsUrl, modelId);
  for (const [path, content] of microSupertonicFiles()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return {
    config: {
      engine: 'supertonic',
      modelId,
      name: 'Micro-Supertonic',
      modelsUrl,
      device: 'cpu',
      dtype: 'fp32',
      runtimeUrl: '',
    },
    folder,
    remove: () => rm(modelsUrl, { recursive: true }),
  };
}
