import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { codeOf, isMissing, sizeOf } from './files.ts';
import { formatBytes } from './format.ts';

/**
 * Marks the folder as being written to. Two commands at once would write the same files.
 * @returns what gives the folder free again
 * @throws AppError `input.invalid` while another process works there
 */
export async function takeTurn(modelsDir: string): Promise<() => Promise<void>> {
  await mkdir(modelsDir, { recursive: true });
  const mark = join(modelsDir, '.busy');
  for (;;) {
    try {
      await writeFile(mark, String(process.pid), { flag: 'wx' });
      return () => rm(mark, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = await ownerOf(mark);
    if (owner !== undefined && isRunning(owner)) {
      throw new AppError(
        'input.invalid',
        `Another command (process ${owner}) is writing to ${modelsDir}. Wait for it; if there is none, delete ${mark}.`,
      );
    }
    // Left behind by a process that was killed.
    await rm(mark, { force: true });
  }
}

async function ownerOf(mark: string): Promise<number | undefined> {
  try {
    return Number(await readFile(mark, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @throws AppError `storage.full` where the disk has no room for what is still to come */
export async function checkRoom(
  modelsDir: string,
  files: readonly { file: string; bytes: number }[],
): Promise<void> {
  const begun = await Promise.all(files.map(async ({ file }) => (await sizeOf(`${file}.part`)) ?? 0));
  const needed = files.reduce((sum, { bytes }, at) => sum + Math.max(0, bytes - begun[at]!), 0);
  const { bavail, bsize } = await statfs(modelsDir);
  if (needed <= bavail * bsize) return;
  throw new AppError(
    'storage.full',
    `${formatBytes(needed)} are to come, and ${modelsDir} has room for ${formatBytes(bavail * bsize)}. Make room, then pull again.`,
  );
}
