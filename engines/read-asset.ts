import { AppError, toAppError } from '../core/errors.ts';
import type { OnProgress } from '../core/stages/stage.ts';

/**
 * Reads a whole file of an engine: by HTTP in a page, from disk in Node.
 * @throws AppError `model.missing`, naming the file, or `aborted`.
 */
export type ReadAsset = (
  url: string,
  onProgress: OnProgress,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

export const fetchAsset: ReadAsset = async (url, onProgress, signal) => {
  const file = url.slice(url.lastIndexOf('/') + 1);
  try {
    const response = await fetch(url, { signal });
    const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
    if (!response.ok || !response.body || isPage) throw missingAsset(file, `HTTP ${response.status}`);
    const totalBytes = Number(response.headers.get('content-length') ?? 0);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let loadedBytes = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      loadedBytes += chunk.length;
      onProgress({ file, loadedBytes, totalBytes: Math.max(totalBytes, loadedBytes) });
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    throw error instanceof TypeError ? missingAsset(file, error) : toAppError(error);
  }
};

export function missingAsset(file: string, cause: unknown): AppError {
  const message = `The file ${file} could not be fetched; check the connection to the server, then reload the page.`;
  return new AppError('model.missing', message, { retryable: true, cause });
}
