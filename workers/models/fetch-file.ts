import { AppError } from '../../core/errors.ts';
import type { RemoteFile } from '../../core/models/downloads.ts';
import type { Source } from '../../core/models/source.ts';
import { withRetries } from '../../core/retry.ts';
import type { RetryDeps } from '../../core/retry.ts';
import { chunksOf } from './chunks.ts';
import { cutOff, explainAnswer, explainSilence, wrongHash } from './explain.ts';
import type { Wanted } from './explain.ts';
import type { Part, Vault } from './vault.ts';

export interface FetchFileDeps extends RetryDeps {
  vault: Vault;
  createHash(): Promise<Hash>;
  /** Whether the browser refused this address because of the page's policy. */
  isBlocked(url: string): Promise<boolean>;
  /** How long a connection may bring nothing before it counts as cut. */
  stallMs: number;
}

/** SHA-256 over what is put in. */
export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): string;
}

export interface FileJob {
  file: RemoteFile;
  source: Source;
  url: string;
  /** Bytes of the file that lie here, whenever that changes. */
  onBytes(presentBytes: number): void;
}

/** Large enough that reading what is here is one pass of the disk, small enough to count for nothing in memory. */
const READ_BYTES = 1 << 20;

/**
 * Fetches one file into the vault, going on where an earlier attempt stopped. It counts as there only when whole and
 * right. No `If-Range` is sent: across origins it would need a preflight that hubs do not answer everywhere, and a part
 * that does not fit what follows is found by the hash, thrown away and fetched anew.
 * @throws AppError `model.corrupt`, `model.missing`, `hub.unreachable`, `hub.denied`, `storage.full`,
 *   `storage.unavailable`, `aborted`
 */
export async function fetchFile(job: FileJob, deps: FetchFileDeps): Promise<void> {
  let furthest = 0;
  await withRetries(deps, (progress) =>
    attempt(job, deps, (at) => {
      // A server that knows no ranges begins anew each time: only what is new shows that trying on makes sense.
      if (at > furthest) progress();
      furthest = Math.max(furthest, at);
    }),
  );
}

async function attempt(job: FileJob, deps: FetchFileDeps, reached: (at: number) => void): Promise<void> {
  const { file, source, onBytes } = job;
  const wanted: Wanted = { path: file.path, repository: file.repository, source };
  const part = await deps.vault.open(file.sha256);
  const stop = new AbortController();
  let resumed = false;
  try {
    const found = part.size() > file.bytes ? 0 : part.size();
    const response = found > 0 && found === file.bytes ? undefined : await ask(job, found, deps, stop);
    const start = response?.status === 200 ? 0 : found;
    resumed = start > 0;
    part.truncate(start);
    onBytes(start);
    const hash = await deps.createHash();
    readPart(part, start, hash);
    let at = start;
    for await (const chunk of response === undefined ? [] : bodyOf(response, wanted, deps, stop)) {
      if (at + chunk.length > file.bytes) throw await refuse(deps.vault, part, job, wanted, resumed);
      part.write(chunk, at);
      hash.update(chunk);
      at += chunk.length;
      onBytes(at);
      reached(at);
    }
    if (at < file.bytes) throw cutOff(wanted);
    part.flush();
    if (hash.digest() !== file.sha256) throw await refuse(deps.vault, part, job, wanted, resumed);
  } finally {
    stop.abort();
    part.close();
  }
  await deps.vault.seal({ sha256: file.sha256, bytes: file.bytes });
}

/** Throws away what cannot be the file. */
async function refuse(
  vault: Vault,
  part: Part,
  { file, onBytes }: FileJob,
  wanted: Wanted,
  resumed: boolean,
): Promise<AppError> {
  part.close();
  await vault.remove(file.sha256);
  onBytes(0);
  return wrongHash(wanted, resumed);
}

async function ask(
  job: FileJob,
  fromByte: number,
  { signal, isBlocked, stallMs }: FetchFileDeps,
  stop: AbortController,
): Promise<Response> {
  const { file, source, url } = job;
  const wanted: Wanted = { path: file.path, repository: file.repository, source };
  const silence = setTimeout(() => stop.abort(), stallMs);
  const response = await fetch(url, {
    // The file will lie in the vault; a second copy in the browser's cache would cost the same room again.
    cache: 'no-store',
    credentials: source.kind === 'site' ? 'same-origin' : 'omit',
    signal: AbortSignal.any([signal, stop.signal]),
    ...(fromByte > 0 && { headers: { range: `bytes=${fromByte}-` } }),
  })
    .catch(async (cause: unknown) => {
      throw explainSilence(wanted, await isBlocked(url), cause);
    })
    .finally(() => clearTimeout(silence));
  const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
  const sentFrom = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? fromByte);
  if (response.ok && !isPage && (response.status !== 206 || sentFrom === fromByte)) return response;
  await response.body?.cancel();
  throw explainAnswer(response, wanted);
}

/** The chunks of an answer. @throws AppError `hub.unreachable` (retryable) where the connection breaks or stalls */
async function* bodyOf(
  response: Response,
  wanted: Wanted,
  { stallMs }: FetchFileDeps,
  stop: AbortController,
): AsyncGenerator<Uint8Array> {
  let lastAt = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - lastAt > stallMs) stop.abort();
  }, stallMs / 4);
  try {
    for await (const chunk of chunksOf(response.body!)) {
      lastAt = performance.now();
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : cutOff(wanted, cause);
  } finally {
    clearInterval(watch);
  }
}

/** Puts what is here already into the hash. */
function readPart(part: Part, bytes: number, hash: Hash): void {
  const block = new Uint8Array(Math.min(READ_BYTES, bytes));
  for (let at = 0; at < bytes;) {
    const read = part.read(block.subarray(0, Math.min(block.length, bytes - at)), at);
    if (read === 0) return;
    hash.update(block.subarray(0, read));
    at += read;
  }
}
