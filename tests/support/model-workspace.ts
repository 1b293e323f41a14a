import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY_REPOSITORY, onnxVariant, textFiles } from '../../tools/models/list/entry.ts';
import type { ModelEntry } from '../../tools/models/list/entry.ts';
import { run } from '../../tools/models/run.ts';
import type { Workspace } from '../../tools/models/workspace.ts';
import { startFakeHub } from './fake-hub.ts';
import type { FakeHub } from './fake-hub.ts';

const shared = {
  licence: 'Apache-2.0',
  languages: ['en'],
  prefers: 'wasm',
  quality: 'basic',
  speed: 'fast',
  stages: ['llm'],
} satisfies Partial<ModelEntry>;

export const CHAT = 'tiny/chat';
export const WEB_LLM = 'tiny/chat-MLC';
export const OWN = 'starter/own';
export const LIBRARY = 'web-llm-models/tiny.wasm';

/** A model for transformers.js, one for WebLLM, and one that Parley brings along. */
const list: ModelEntry[] = [
  {
    ...shared,
    id: OWN,
    name: 'Own',
    engine: 'causal-lm',
    pulled: false,
    variants: [{ ...onnxVariant('wasm', {}, []), dtype: 'q8', files: ['config.json', 'onnx/own.onnx'] }],
  },
  {
    ...shared,
    id: CHAT,
    name: 'Chat',
    engine: 'causal-lm',
    pulled: true,
    variants: [
      onnxVariant('wasm', { model: 'q8' }, textFiles),
      onnxVariant('webgpu', { model: 'q4' }, textFiles),
    ],
  },
  {
    ...shared,
    id: WEB_LLM,
    name: 'Chat (WebLLM)',
    engine: 'web-llm',
    pulled: true,
    variants: [
      {
        device: 'webgpu',
        dtype: 'q4f32',
        needs: { webgpu: true, shaderF16: false, memoryMb: null, threads: null },
        files: ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json', 'params_shard_*.bin'],
        library: LIBRARY,
      },
    ],
  },
];

export const chatFiles = {
  'config.json': '{"model_type":"llama"}',
  'generation_config.json': '{}',
  'tokenizer.json': '{"version":"1.0"}',
  'tokenizer_config.json': '{}',
  'README.md': 'not asked for',
  'onnx/model_quantized.onnx': Buffer.from(Array.from({ length: 50_000 }, (_zero, at) => (at * 7) % 251)),
  'onnx/model_q4.onnx': 'graph',
  'onnx/model_q4.onnx_data': 'weights',
  'onnx/model_q4f16.onnx': 'another type',
};

export const webLlmFiles = {
  'mlc-chat-config.json': '{}',
  'tensor-cache.json': JSON.stringify({
    records: [{ dataPath: 'params_shard_0.bin' }, { dataPath: 'params_shard_1.bin' }],
  }),
  'tokenizer.json': '{}',
  'params_shard_0.bin': 'first shard',
  'params_shard_1.bin': 'second shard',
};

/** Puts all three models on the hub. */
export function fillHub(hub: FakeHub): void {
  hub.commit(CHAT, chatFiles);
  hub.commit(WEB_LLM, webLlmFiles);
  hub.commit(LIBRARY_REPOSITORY, { [LIBRARY]: 'a program', 'web-llm-models/other.wasm': 'not asked for' });
}

export interface Kit {
  workspace: Workspace;
  modelsDir: string;
  /** What the last command printed. */
  printed(): string;
  /** Waits that were asked for between attempts; none takes time. */
  waits: number[];
  /** Runs a command line. @returns its exit code */
  run(...argv: string[]): Promise<number>;
  /** Ctrl-C. */
  interrupt(): void;
  /** Hears of every write of the command. */
  onPrint(listener: (text: string) => void): void;
  remove(): void;
}

/** An empty folder with a list of its own, and the command line for it. */
export function createKit(options: { env?: Record<string, string>; tty?: boolean } = {}): Kit {
  const folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
  const modelsDir = join(folder, 'models');
  mkdirSync(modelsDir);
  const workspace: Workspace = {
    modelsDir,
    lockFile: join(folder, 'models.lock.json'),
    list,
    profiles: { both: [CHAT, WEB_LLM], own: [OWN] },
  };
  const waits: number[] = [];
  const listeners: ((text: string) => void)[] = [];
  let text = '';
  let stop = new AbortController();
  const output = {
    isTTY: options.tty ?? false,
    write(piece: string) {
      text += piece;
      for (const listener of listeners) listener(piece);
    },
  };
  return {
    workspace,
    modelsDir,
    waits,
    printed: () => text,
    run(...argv) {
      text = '';
      stop = new AbortController();
      return run(argv, {
        workspace,
        env: options.env ?? {},
        stdout: output,
        stderr: output,
        signal: stop.signal,
        async sleep(ms) {
          waits.push(ms);
        },
        nowMs: () => performance.now(),
      });
    },
    interrupt: () => stop.abort(),
    onPrint: (listener) => listeners.push(listener),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** One that has all models of the list: its own, and the two others pulled from a hub that is gone again. */
export async function createFilledKit(): Promise<Kit> {
  const hub = await startFakeHub();
  fillHub(hub);
  const kit = createKit();
  mkdirSync(join(kit.modelsDir, OWN, 'onnx'), { recursive: true });
  writeFileSync(join(kit.modelsDir, OWN, 'config.json'), '{}');
  writeFileSync(join(kit.modelsDir, OWN, 'onnx/own.onnx'), 'own weights');
  await kit.run('pull', CHAT, WEB_LLM, '--hub', hub.url);
  await hub.close();
  return kit;
}
