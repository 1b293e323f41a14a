import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { ReadAsset } from '../../engines/read-asset.ts';

const require = createRequire(import.meta.url);

/** The folder of a file of an installed package, as a file: URL ending in "/". */
function folderOf(file: string): string {
  return pathToFileURL(dirname(require.resolve(file)) + sep).href;
}

/** Where the runtimes lie that a page fetches from `/runtime/`. */
export const runtimeUrls = {
  ort: folderOf('onnxruntime-web'),
  silero: `${folderOf('@ricky0123/vad-web')}silero_vad_v6.onnx`,
  espeak: folderOf('@echogarden/espeak-ng-emscripten'),
};

/** Reads the files of an engine from disk, as `fetchAsset` does from a server. */
export const readFromDisk: ReadAsset = async (url, onProgress, signal) => {
  throwIfAborted(signal);
  const file = url.slice(url.lastIndexOf('/') + 1);
  const bytes = await readFile(new URL(url)).catch((cause: unknown) => {
    throw new AppError('model.missing', `The file ${file} is missing; run \`npm ci\`.`, { cause });
  });
  throwIfAborted(signal);
  onProgress({ file, loadedBytes: bytes.length, totalBytes: bytes.length });
  return new Uint8Array(bytes);
};
