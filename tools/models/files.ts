import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../../core/errors.ts';

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Bytes of a plain file, or undefined where there is none. */
export async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** SHA-256 of a file in hex, read in pieces. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The whole chunk: on a disk that is nearly full one write takes a part of it. @param at where; the end by default */
export async function writeAll(handle: FileHandle, chunk: Uint8Array, at?: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const position = at === undefined ? null : at + done;
    done += (await handle.write(chunk, done, chunk.length - done, position)).bytesWritten;
  }
}

/** A reader sees the old content or the new, never a part. */
export async function writeAtomically(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/**
 * The place of `path` below `root`, its folder made. A link on the way that leads out of the root is refused.
 * @throws AppError `input.invalid`
 */
export async function placeFor(root: string, path: string): Promise<string> {
  const file = join(root, path);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const [realFolder, realRoot] = await Promise.all([realpath(folder), realpath(root)]);
  if (realFolder !== realRoot && !realFolder.startsWith(realRoot + sep)) {
    throw new AppError(
      'input.invalid',
      `${path} would be written outside of ${root}: a link leads out. Remove it.`,
    );
  }
  return file;
}

/** Failures of the disk in words; anything else passes. */
export function explainDiskError(error: unknown, file: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'storage.full',
        `The disk is full while writing ${file}. Make room, then run the command again: it goes on from here.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('input.invalid', `${file} cannot be written. Check who owns the folder.`, {
        cause: error,
      });
    default:
      return error;
  }
}
