import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineConfig } from '../../engines/engine-config.ts';
import { microSounds, ROW_SAMPLES, soundOf } from './micro-phonemes.ts';
import { createRandom } from './random.ts';
import { tinyOnnx, type TinyNode, type TinyTensor } from './tiny-onnx.ts';

/** The letters of Kokoro v1.0 and their ids, as its tokenizer.json has them. */
const LETTERS: Readonly<Record<number, string>> = {
  0: '$;:,.!?',
  9: '—…"()“” \u0303ʣʥʦʨᵝ\uab67AI',
  31: 'O',
  33: 'Q',
  35: 'ST',
  39: 'W',
  41: 'Yᵊabcdef',
  50: 'hijklmnopqrstuvwxyzɑɐɒæ',
  75: 'βɔɕç',
  80: 'ɖðʤə',
  85: 'ɚɛɜ',
  90: 'ɟ',
  92: 'ɡ',
  99: 'ɥ',
  101: 'ɨɪʝ',
  110: 'ɯɰŋɳɲɴø',
  118: 'ɸθœ',
  123: 'ɹ',
  125: 'ɾɻ',
  128: 'ʁɽʂʃʈʧ',
  135: 'ʊʋ',
  138: 'ʌɣɤ',
  142: 'χʎ',
  147: 'ʒʔ',
  156: 'ˈˌː',
  162: 'ʰ',
  164: 'ʲ',
  169: '↓',
  171: '→↗↘',
  177: 'ᵻ',
};
/** One more than the last id. */
const VOCABULARY_SIZE = 178;

const vocabulary: Record<string, number> = Object.fromEntries(
  Object.entries(LETTERS).flatMap(([first, letters]) =>
    [...letters].map((letter, at) => [letter, Number(first) + at]),
  ),
);

/** In the form of Kokoro's own file. */
export const kokoroTokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: { type: 'Replace', pattern: { Regex: '[^$;:,.!?a-z]' }, content: '' },
  pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '$', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '$', type_id: 0 } },
    ],
    special_tokens: { $: { id: '$', ids: [0], tokens: ['$'] } },
  },
  decoder: null,
  model: { vocab: vocabulary },
};

/** How a model is broken: what a GPU that computes wrongly may give. */
export type Fault = 'nan' | 'noise' | 'constant' | 'silence' | 'hum' | 'mumble';

const soundIds = Array.from({ length: VOCABULARY_SIZE }, () => 0);
for (const [letter, id] of Object.entries(vocabulary)) soundIds[id] = soundOf(letter);

/**
 * A graph with the inputs and the output of Kokoro, in which each phoneme has a sound of its own. The speed divides its
 * length, and the first number of the style is how loud it is.
 */
function microKokoro(weights: 'float32' | 'int8', fault?: Fault): Uint8Array {
  const rows = spoilt(
    microSounds.map(({ row }) => row),
    fault,
  ).flatMap((row) => [...row]);
  const dims = [microSounds.length, ROW_SAMPLES];
  const table: TinyTensor[] =
    weights === 'float32'
      ? [{ name: 'rows', type: 'float32', dims, values: rows }]
      : [
          { name: 'steps', type: 'int8', dims, values: rows.map((value) => Math.round(value * 127)) },
          { name: 'step', type: 'float32', dims: [], values: [1 / 127] },
        ];
  const dequantised: TinyNode[] =
    weights === 'float32' ? [] : [{ op: 'DequantizeLinear', inputs: ['steps', 'step'], output: 'rows' }];
  const mixed = fault === 'mumble' ? soundIds.map((id) => (id * 7 + 3) % microSounds.length) : soundIds;
  return tinyOnnx({
    inputs: [
      { name: 'input_ids', type: 'int64', dims: [1, 'tokens'] },
      { name: 'style', type: 'float32', dims: [1, 256] },
      { name: 'speed', type: 'float32', dims: [1] },
    ],
    outputs: [{ name: 'waveform', type: 'float32', dims: [1, 'samples'] }],
    constants: [
      ...table,
      { name: 'sounds', type: 'int64', dims: [VOCABULARY_SIZE], values: mixed },
      {
        name: 'lengths',
        type: 'float32',
        dims: [microSounds.length, 1],
        values: microSounds.map(({ samples }) => samples),
      },
      {
        name: 'positions',
        type: 'float32',
        dims: [ROW_SAMPLES],
        values: Array.from({ length: ROW_SAMPLES }, (_, n) => n),
      },
      { name: 'first', type: 'int64', dims: [], values: [0] },
      { name: 'flat', type: 'int64', dims: [1], values: [-1] },
      { name: 'batched', type: 'int64', dims: [2], values: [1, -1] },
    ],
    nodes: [
      ...dequantised,
      { op: 'Gather', inputs: ['sounds', 'input_ids'], output: 'said' },
      { op: 'Gather', inputs: ['rows', 'said'], output: 'sound' },
      { op: 'Gather', inputs: ['lengths', 'said'], output: 'length' },
      { op: 'Div', inputs: ['length', 'speed'], output: 'lasting' },
      { op: 'Less', inputs: ['positions', 'lasting'], output: 'sounding' },
      { op: 'Reshape', inputs: ['sound', 'flat'], output: 'sound1' },
      { op: 'Reshape', inputs: ['sounding', 'flat'], output: 'sounding1' },
      { op: 'Compress', inputs: ['sound1', 'sounding1'], output: 'joined' },
      { op: 'Gather', inputs: ['style', 'first'], output: 'volume', attributes: { axis: 1 } },
      { op: 'Mul', inputs: ['joined', 'volume'], output: 'loud' },
      { op: 'Reshape', inputs: ['loud', 'batched'], output: 'waveform' },
    ],
  });
}

function spoilt(rows: readonly Float32Array[], fault: Fault | undefined): Float32Array[] {
  const { next } = createRandom(1);
  const wrong: Partial<Record<Fault, (at: number) => number>> = {
    nan: () => Number.NaN,
    noise: () => 0.6 * (next() - 0.5),
    constant: () => 0.3,
    silence: () => 0,
    hum: (at) => 0.5 * Math.sin((2 * Math.PI * 200 * at) / 24_000),
  };
  const put = fault && wrong[fault];
  return rows.map((row) => (put ? row.map((_, at) => put(at)) : row));
}

/** Voices of the languages that Kokoro speaks here. Each is as loud as it has phonemes to say: see `microVolume`. */
export const microVoices = ['af_heart', 'bf_emma', 'ef_dora', 'ff_siwis', 'hf_alpha', 'if_sara', 'pf_dora'];

/** How loud the micro-Kokoro is for so many tokens, the two at the edges included. */
export function microVolume(tokens: number): number {
  return 0.4 + 0.5 * (Math.min(509, Math.max(0, tokens - 2)) / 509);
}

function voiceFile(): Uint8Array {
  const styles = new Float32Array(510 * 256);
  for (let row = 0; row < 510; row++) styles[row * 256] = microVolume(row + 2);
  return new Uint8Array(styles.buffer);
}

/** What the micro-Kokoro makes of tokens: computed here, to be compared with. */
export function microSpeech(ids: readonly number[], speed: number): Float32Array {
  const sounds = ids.map((id) => microSounds[soundIds[id] ?? 0]!);
  const said = sounds.map(({ samples, row }) =>
    row.subarray(0, Math.min(ROW_SAMPLES, Math.ceil(samples / speed))),
  );
  const joined = new Float32Array(said.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of said) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined.map((sample) => sample * microVolume(ids.length));
}

/** The files of a micro-Kokoro by path, one folder of a hub repository. */
export function microKokoroFiles(fault?: Fault): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify({ model_type: 'style_text_to_speech_2' })],
    ['tokenizer.json', JSON.stringify(kokoroTokenizer)],
    [
      'tokenizer_config.json',
      JSON.stringify({
        model_max_length: 512,
        pad_token: '$',
        tokenizer_class: 'PreTrainedTokenizer',
        unk_token: '$',
      }),
    ],
    ['onnx/model.onnx', microKokoro('float32', fault)],
    ['onnx/model_quantized.onnx', microKokoro('int8', fault === 'nan' ? undefined : fault)],
    ...microVoices.map((voice) => [`voices/${voice}.bin`, voiceFile()] as const),
  ]);
}

export interface MicroKokoro {
  config: EngineConfig;
  /** Where its files lie. */
  folder: string;
  remove(): Promise<void>;
}

/** A micro-Kokoro in a folder of its own, to be run in Node. */
export async function writeMicroKokoro(fault?: Fault): Promise<MicroKokoro> {
  const modelsUrl = await mkdtemp(join(tmpdir(), 'parley-kokoro-'));
  const folder = join(modelsUrl, 'micro/kokoro');
  for (const [path, content] of microKokoroFiles(fault)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return {
    config: {
      engine: 'kokoro',
      modelId: 'micro/kokoro',
      name: 'Micro-Kokoro',
      modelsUrl,
      device: 'cpu',
      dtype: 'fp32',
      runtimeUrl: '',
    },
    folder,
    remove: () => rm(modelsUrl, { recursive: true }),
  };
}
