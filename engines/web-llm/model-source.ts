import { throwIfAborted } from '../../core/errors.ts';
import type { OnProgress } from '../../core/stages/stage.ts';
import { corruptFile, missingFile, toLoadError } from '../load-failure.ts';
import { fetchModelFile, registerLoad, trackProgress, type OpenLoad } from '../model-files.ts';
import type { WebLlmConfig } from './config.ts';

/** Names that no server has: what WebLLM asks for is answered here, and anything else it might ask leads nowhere. */
export const MODEL_URL = 'https://model.invalid/resolve/main/';
export const LIBRARY_URL = 'https://model.invalid/library.wasm';

/** The files of a model, as WebLLM finds them. */
export interface ModelSource {
  /** @throws AppError `model.missing`, `model.corrupt`, `aborted`. */
  readJson<T>(file: string): Promise<T>;
  /** The file that was read last, for messages. */
  lastFile(): string;
  close(): void;
}

/**
 * Stands in for the browser's cache until it is closed. WebLLM keeps whatever it fetches in there and reads it from
 * there; it finds the files that the catalogue names, each read when it is wanted, checked, and not kept.
 */
export function openModelSource(
  config: WebLlmConfig,
  onProgress: OnProgress,
  signal: AbortSignal,
): ModelSource {
  const base = new URL(config.modelsUrl, location.href).pathname.replace(/\/$/, '');
  const model = { name: config.name, modelId: config.modelId };
  const report = trackProgress(onProgress);
  const open = (folder: string, files: WebLlmConfig['files']): OpenLoad => ({
    path: `${base}/${folder}`,
    model,
    hashes: new Map(files.map(({ path, sha256 }) => [path, sha256])),
    signal,
    report,
  });
  const weights = open(config.modelId, config.files);
  const program = open(config.library.repository, [config.library]);
  const releases = [registerLoad(weights), registerLoad(program)];
  const read = new Map<string, ArrayBuffer>();
  let last = '';

  async function readFile(load: OpenLoad, file: string): Promise<ArrayBuffer> {
    last = file;
    throwIfAborted(signal);
    try {
      const response = (await fetchModelFile(`${load.path}/${file}`)) as Response;
      if (response.status === 404) throw missingFile(model, file);
      return await response.arrayBuffer();
    } catch (error) {
      throwIfAborted(signal);
      throw load.failure ?? toLoadError(error, model, file);
    }
  }

  async function readJson<T>(file: string): Promise<T> {
    const bytes = await readFile(weights, file);
    read.set(file, bytes);
    return parse(bytes, file) as T;
  }

  function parse(bytes: ArrayBuffer, file: string): unknown {
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      throw corruptFile(model, file, error);
    }
  }

  /** What WebLLM uses of a response; a real one would copy what it is made from. */
  function answer(load: OpenLoad, file: string): Pick<Response, 'arrayBuffer' | 'json'> {
    const arrayBuffer = async (): Promise<ArrayBuffer> => read.get(file) ?? readFile(load, file);
    return { arrayBuffer, json: async () => parse(await arrayBuffer(), file) };
  }

  const cache = {
    async match({ url }: Request) {
      if (url === LIBRARY_URL) return answer(program, config.library.path);
      const file = url.slice(MODEL_URL.length);
      if (!weights.hashes?.has(file)) throw missingFile(model, file);
      return answer(weights, file);
    },
    keys: async () => config.files.map(({ path }) => new Request(MODEL_URL + path)),
  };
  const own = Object.getOwnPropertyDescriptor(globalThis, 'caches');
  Object.defineProperty(globalThis, 'caches', { configurable: true, value: { open: async () => cache } });

  return {
    readJson,
    lastFile: () => last,
    close() {
      if (own) Object.defineProperty(globalThis, 'caches', own);
      else Reflect.deleteProperty(globalThis, 'caches');
      for (const release of releases) release();
    },
  };
}
