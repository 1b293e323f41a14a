import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KnownFile } from '../../../core/models/listing.ts';
import { LIBRARY_REPOSITORY } from '../../models/list/entry.ts';
import { PROGRAM_FILE } from './program.ts';
import { idOf, inJson, LINE_BREAK, replies, startOf, tokenizerJson, tokens, topics } from './vocabulary.ts';

const MODEL_ID = 'micro/web-llm-chat-q0f32-MLC';
const LIBRARY_PATH = 'web-llm-models/micro/web-llm-chat-q0f32_cs64-webgpu.wasm';
/** Small, so that tests reach its end. */
const CONTEXT_TOKENS = 1024;

export interface MicroModelOptions {
  /** What its configuration says of its family: `qwen3` is told not to think aloud. */
  type?: string;
  /** Almost every byte of a prompt is a token. */
  contextTokens?: number;
  /** What it is told before every conversation: words in there are no topic. */
  instructions?: string;
}

/** The micro-model as the catalogue would list its one variant. */
export interface MicroModel {
  id: string;
  name: string;
  variant: {
    needs: { shaderF16: boolean };
    files: KnownFile[];
    library: { repository: string; file: KnownFile };
  };
}

/**
 * Writes a chat model in WebLLM's form below `modelsDir`: configuration, tokenizer, tensor-cache.json with three shards,
 * and its compiled program. It says half a dozen things, asks for the time by a tool, and remembers whether it heard
 * the name Anna.
 */
export async function writeWebLlmModel(
  modelsDir: string,
  { type = 'micro', contextTokens = CONTEXT_TOKENS, instructions = '' }: MicroModelOptions = {},
): Promise<MicroModel> {
  const shards = { embed: embeddings(), next: successors(instructions), topic: influences() };
  const records = Object.entries(shards).map(([name, matrix], at) => ({
    dataPath: `params_shard_${at}.bin`,
    format: 'raw-shard',
    nbytes: matrix.byteLength,
    md5sum: createHash('md5').update(new Uint8Array(matrix.buffer)).digest('hex'),
    records: [
      {
        name,
        shape: [tokens.length, tokens.length],
        dtype: 'float32',
        format: 'raw',
        nbytes: matrix.byteLength,
        byteOffset: 0,
      },
    ],
  }));
  const contents: [string, string | Uint8Array][] = [
    ['mlc-chat-config.json', JSON.stringify(chatConfig(type, contextTokens))],
    ['tensor-cache.json', JSON.stringify({ metadata: {}, records })],
    ['tokenizer.json', JSON.stringify(tokenizerJson())],
    ...Object.values(shards).map((matrix, at): [string, Uint8Array] => [
      `params_shard_${at}.bin`,
      new Uint8Array(matrix.buffer),
    ]),
  ];
  const files = await Promise.all(
    contents.map(([path, content]) => write(join(modelsDir, MODEL_ID), path, content)),
  );
  const file = await write(join(modelsDir, LIBRARY_REPOSITORY), LIBRARY_PATH, await readFile(PROGRAM_FILE));
  return {
    id: MODEL_ID,
    name: 'Micro chat (WebLLM)',
    variant: { needs: { shaderF16: false }, files, library: { repository: LIBRARY_REPOSITORY, file } },
  };
}

/** Takes the files of a model as they are now for the right ones. */
export async function rehash({ id, variant }: MicroModel, modelsDir: string): Promise<void> {
  const { files, library } = variant;
  for (const [at, { path }] of files.entries())
    files[at] = describeFile(path, await readFile(join(modelsDir, id, path)));
  const program = await readFile(join(modelsDir, library.repository, library.file.path));
  library.file = describeFile(library.file.path, program);
}

async function write(folder: string, path: string, content: string | Uint8Array): Promise<KnownFile> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return describeFile(path, Buffer.from(content));
}

function describeFile(path: string, content: Buffer): KnownFile {
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

function chatConfig(type: string, contextTokens: number): unknown {
  return {
    version: '0.1.0',
    model_type: type,
    quantization: 'q0f32',
    vocab_size: tokens.length,
    context_window_size: contextTokens,
    sliding_window_size: -1,
    attention_sink_size: -1,
    prefill_chunk_size: 64,
    temperature: 0.7,
    top_p: 1,
    repetition_penalty: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    tokenizer_files: ['tokenizer.json'],
    tokenizer_info: {
      token_postproc_method: 'byte_level',
      prepend_space_in_encode: false,
      strip_space_in_decode: false,
    },
    conv_template: {
      name: 'micro',
      system_template: '<|system|>{system_message}<|end|>',
      system_message: '',
      system_prefix_token_ids: null,
      add_role_after_system_message: true,
      roles: { user: '<|user|>', assistant: '<|assistant|>' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
      messages: [],
      seps: ['<|end|>'],
      role_content_sep: '',
      role_empty_sep: '',
      stop_str: [],
      stop_token_ids: [idOf('<|end|>')],
      function_string: '',
      use_function_calling: false,
    },
  };
}

function matrix(entries: Iterable<readonly [row: number, column: number, value: number]>): Float32Array {
  const values = new Float32Array(tokens.length ** 2);
  for (const [row, column, value] of entries) values[row * tokens.length + column]! += value;
  return values;
}

/** Each token is embedded as itself. */
function embeddings(): Float32Array {
  return matrix(tokens.map((_, id) => [id, id, 1]));
}

/** What follows what, by so much that no topic changes it but at the start of a reply. */
function successors(instructions: string): Float32Array {
  const after = (piece: string, next: string): [number, number, number] => [idOf(piece), idOf(next), 1000];
  // A reply starts after the mark of the assistant, or after the line breaks that close an empty thought.
  const starts = ['<|assistant|>', LINE_BREAK].flatMap((before) =>
    [...Object.entries(startOf), ...mentioned(instructions)].map(
      ([reply, weight]) => [idOf(before), idOf(replies[reply as keyof typeof replies][0]), weight] as const,
    ),
  );
  const inside = Object.values(replies).flatMap((pieces: readonly string[]) =>
    pieces.map((piece, at) => after(piece, pieces[at + 1] ?? '<|end|>')),
  );
  const json = tokens.flatMap((_, id) => inJson.map(([byte, weight]) => [id, idOf(byte), weight] as const));
  // The last byte of a call.
  return matrix([...starts, ...inside, ...json, after('>', '<|end|>')]);
}

/** What words of the instructions would make likelier, taken off again; `startOf` has the marks in them. */
function mentioned(instructions: string): [reply: string, weight: number][] {
  const words = instructions.split(/\W+/);
  return topics.map(({ word, reply, weight }) => [
    reply,
    -weight * words.filter((each) => each === word).length,
  ]);
}

function influences(): Float32Array {
  return matrix(topics.map(({ word, reply, weight }) => [idOf(word), idOf(replies[reply][0]), weight]));
}
