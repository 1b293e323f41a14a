import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import { explainDiskError, sizeOf, writeAll } from './files.ts';
import type { HubFile } from './hub.ts';
import type { LockedFile } from './lock.ts';
import { withRetries } from '../../core/retry.ts';
import type { RetryDeps } from '../../core/retry.ts';

export interface Download extends Pick<HubFile, 'bytes' | 'sha256' | 'gitSha1'> {
  /** As a person would name it. */
  name: string;
  /** Where it goes; what is there of it lies beside it as `.part`. */
  file: string;
  open(fromByte: number): Promise<Response>;
  /** Bytes that came to lie here; less than 0 where they were thrown away. */
  onBytes(delta: number): void;
}

/** Both hashes over what was written so far. */
function createHashes({ bytes, sha256, gitSha1 }: Download) {
  const content = createHash('sha256');
  const git = createHash('sha1').update(`blob ${bytes}\0`);
  return {
    update(chunk: Uint8Array) {
      content.update(chunk);
      if (gitSha1 !== null) git.update(chunk);
    },
    /** The SHA-256, or undefined where a hash is not the expected one. */
    finish(): string | undefined {
      const hex = content.digest('hex');
      const right = (sha256 ?? hex) === hex && (gitSha1 === null || git.digest('hex') === gitSha1);
      return right ? hex : undefined;
    },
  };
}

/**
 * Fetches one file, going on where an earlier attempt stopped. It appears under its name only when whole and right.
 * @returns its size and SHA-256
 * @throws AppError `model.corrupt` where its hash is another, `storage.full`, `aborted`, or what the hub said
 */
export async function download(job: Download, deps: RetryDeps): Promise<LockedFile> {
  let counted = 0;
  let furthest = 0;
  function count(position: number): void {
    job.onBytes(position - counted);
    counted = position;
  }
  return withRetries(deps, async (progress) => {
    // A hub that begins anew each time and breaks off at the same place gets nowhere.
    const gotTo = (at: number): void => {
      if (at <= furthest) return;
      furthest = at;
      progress();
    };
    try {
      return await attempt(job, count, gotTo);
    } catch (error) {
      throw explainDiskError(error, job.file);
    }
  });
}

async function attempt(
  job: Download,
  count: (at: number) => void,
  gotTo: (at: number) => void,
): Promise<LockedFile> {
  const part = `${job.file}.part`;
  const found = (await sizeOf(part)) ?? 0;
  const start = found > job.bytes ? 0 : found;
  const response = start > 0 && start === job.bytes ? undefined : await job.open(start);
  const from = response?.status === 200 ? 0 : start;
  if (response?.status === 206 && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
    await response.body?.cancel();
    throw new AppError(
      'hub.unreachable',
      `${job.name} was sent from another byte than asked. Pull from another hub.`,
    );
  }
  let at = from;
  let tooLong = false;
  const hashes = createHashes(job);
  if (from > 0) for await (const chunk of createReadStream(part)) hashes.update(chunk as Buffer);
  count(at);
  const handle = await open(part, from > 0 ? 'r+' : 'w');
  try {
    for await (const chunk of response === undefined ? [] : bodyOf(response, job)) {
      tooLong = at + chunk.length > job.bytes;
      if (tooLong) break;
      await writeAll(handle, chunk, at);
      hashes.update(chunk);
      at += chunk.length;
      count(at);
      gotTo(at);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!tooLong && at < job.bytes) throw cutOff(job);
  const sha256 = tooLong ? undefined : hashes.finish();
  if (sha256 === undefined) {
    await rm(part);
    count(0);
    throw new AppError(
      'model.corrupt',
      `${job.name} has another hash than it should. It was deleted${from > 0 ? ', and is fetched anew' : '. Pull again, or pull from another hub'}.`,
      // What was lying here may have been damaged; what came in one piece was sent like that.
      { retryable: from > 0 },
    );
  }
  await rename(part, job.file);
  return { bytes: job.bytes, sha256 };
}

/** The chunks of an answer. @throws AppError `hub.unreachable` (retryable) where the connection breaks */
async function* bodyOf(response: Response, job: Download): AsyncGenerator<Uint8Array> {
  try {
    if (response.body) yield* response.body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw cutOff(job, cause);
  }
}

function cutOff({ name }: Download, cause?: unknown): AppError {
  const message = `The connection broke while ${name} was coming. Pull again: it goes on from here.`;
  return new AppError('hub.unreachable', message, { retryable: true, cause });
}
