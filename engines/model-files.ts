import { ModelFileNotFoundError } from '@huggingface/transformers';
import { AppError } from '../core/errors.ts';
import type { OnProgress } from '../core/stages/stage.ts';
import { corruptFile, type NamedModel } from './load-failure.ts';
import { findStored } from './stored-file.ts';

/** A model being loaded in a page: whose signal its requests obey and who hears of the bytes. */
export interface OpenLoad {
  /** Path that all its files begin with. */
  path: string;
  model: NamedModel;
  /** SHA-256 of each of its files, by path; without them nothing is checked. */
  hashes?: ReadonlyMap<string, string>;
  signal: AbortSignal;
  /** Why a request failed: the library itself would only say that the file was not found. */
  failure?: AppError;
  report(file: string, loadedBytes: number, totalBytes: number): void;
}

const openLoads = new Set<OpenLoad>();

/** Adds up the bytes of all files of one load. */
export function trackProgress(onProgress: OnProgress): OpenLoad['report'] {
  const files = new Map<string, { loaded: number; total: number }>();
  return (file, loaded, total) => {
    files.set(file, { loaded, total: Math.max(loaded, total) });
    let loadedBytes = 0;
    let totalBytes = 0;
    for (const entry of files.values()) {
      loadedBytes += entry.loaded;
      totalBytes += entry.total;
    }
    onProgress({ file, loadedBytes, totalBytes });
  };
}

/** Until the returned function is called, requests below `load.path` belong to this load. */
export function registerLoad(load: OpenLoad): () => void {
  openLoads.add(load);
  return () => openLoads.delete(load);
}

/**
 * Fetches one model file for transformers.js in a page. It replaces the library's own fetch to obey the signal, to
 * report bytes without asking for every file twice (the library requests each once more to learn its size), and to
 * keep one copy of a large file in memory. A page served in place of a missing file counts as missing, and so does a
 * file that the catalogue does not name; one whose hash is another is refused. What the page keeps on this device is
 * taken from there.
 */
export async function fetchModelFile(input: string | URL): Promise<unknown> {
  const path = new URL(input, location.href).pathname;
  const load = [...openLoads].find((open) => path.startsWith(`${open.path}/`));
  try {
    return await fetchFile(input, path, load);
  } catch (error) {
    if (load) load.failure ??= toFetchError(path.slice(load.path.length + 1), error);
    throw error;
  }
}

/** Parses a JSON file of a model, in a page or in Node. @throws SyntaxError, ModelFileNotFoundError. */
export async function readJsonFile<T>(path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await readFile(path))) as T;
}

/** Reads any file of a model, in a page or in Node. @throws ModelFileNotFoundError. */
export async function readFile(path: string): Promise<Uint8Array> {
  const { process } = globalThis as { process?: NodeProcess };
  return process ? readFromDisk(path, process) : new Uint8Array(await readFromServer(path));
}

async function readFromDisk(path: string, process: NodeProcess): Promise<Uint8Array> {
  try {
    return await process.getBuiltinModule('node:fs/promises').readFile(path);
  } catch (error) {
    throw new ModelFileNotFoundError(`at "${path}": ${String(error)}`);
  }
}

async function readFromServer(path: string): Promise<ArrayBuffer> {
  const response = (await fetchModelFile(path)) as Response;
  if (response.status === 404) throw new ModelFileNotFoundError(`at "${path}"`);
  return response.arrayBuffer();
}

/** What is used of Node, which the page does not have; an import would end up in the page's bundle. */
interface NodeProcess {
  getBuiltinModule(id: 'node:fs/promises'): { readFile(path: string): Promise<Uint8Array> };
}

async function fetchFile(
  input: string | URL,
  path: string,
  load: OpenLoad | undefined,
  cache: RequestCache = 'default',
): Promise<unknown> {
  const file = load ? path.slice(load.path.length + 1) : path;
  if (load?.hashes?.has(file) === false) return new Response(null, { status: 404 });
  const stored = await readStored(file, load);
  if (stored !== undefined) return stored;
  const response = await fetch(input, { cache, ...(load && { signal: load.signal }) });
  const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
  if (response.status === 404 || isPage) {
    await response.body?.cancel();
    return new Response(null, { status: 404 });
  }
  if (!response.ok) throw new Error(`status ${response.status}`);
  const bytes = await readAll(response, (loaded, total) => load?.report(file, loaded, total));
  if (load && !(await hasItsHash(bytes, file, load))) {
    if (cache === 'reload') throw corruptFile(load.model, file, 'The catalogue has another SHA-256.');
    // The browser may have kept the file of an earlier model.
    return fetchFile(input, path, load, 'reload');
  }
  return { status: 200, headers: response.headers, arrayBuffer: async () => bytes };
}

/** The file as this device keeps it, which was checked when it came; undefined where it has to be fetched. */
async function readStored(file: string, load: OpenLoad | undefined): Promise<unknown> {
  const sha256 = load?.hashes?.get(file);
  const stored = sha256 === undefined ? undefined : await findStored(sha256);
  const bytes = await stored?.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return undefined;
  load?.report(file, bytes.byteLength, bytes.byteLength);
  return {
    status: 200,
    headers: new Headers({ 'content-length': String(bytes.byteLength) }),
    arrayBuffer: async () => bytes,
  };
}

/** Over plain http from another computer there is nothing to hash with; a damaged file is then found by parsing it. */
async function hasItsHash(bytes: ArrayBuffer, file: string, { hashes }: OpenLoad): Promise<boolean> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  const expected = hashes?.get(file);
  if (expected === undefined || subtle === undefined) return true;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === expected;
}

function toFetchError(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const message = `The model file "${file}" could not be fetched. Check the connection, then try again.`;
  return new AppError('model.missing', message, { retryable: true, cause });
}

async function readAll(
  response: Response,
  onBytes: (loaded: number, total: number) => void,
): Promise<ArrayBuffer> {
  const total = Number(response.headers.get('content-length') ?? 0);
  let bytes = new Uint8Array(total);
  let loaded = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (loaded + value.length > bytes.length) {
      // The length was unknown, or that of the compressed transfer.
      const larger = new Uint8Array(Math.max(loaded + value.length, bytes.length * 2));
      larger.set(bytes.subarray(0, loaded));
      bytes = larger;
    }
    bytes.set(value, loaded);
    loaded += value.length;
    onBytes(loaded, total);
  }
  return loaded === bytes.length ? bytes.buffer : bytes.buffer.slice(0, loaded);
}
