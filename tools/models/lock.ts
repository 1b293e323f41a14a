import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { relativePath, revision, sha256 } from '../../core/models/listing.ts';
import { isMissing, writeAtomically } from './files.ts';

const lockedFile = z.object({ bytes: z.int().nonnegative(), sha256 });
const lockedRepository = z.object({ revision, files: z.record(relativePath, lockedFile) });

/**
 * models.lock.json: what was found at the first pull of each repository and holds ever after. A repository is given
 * up to a newer revision by deleting its entry.
 */
export const lockSchema = z.object({
  version: z.literal(1),
  repositories: z.record(relativePath, lockedRepository),
});

export type Lock = z.infer<typeof lockSchema>;
export type LockedRepository = z.infer<typeof lockedRepository>;
export type LockedFile = z.infer<typeof lockedFile>;

/** The lock in `file`, an empty one where there is none. @throws AppError `input.invalid` where it does not fit. */
export async function readLock(file: string): Promise<Lock> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { version: 1, repositories: {} };
    throw error;
  }
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('input.invalid', `${file} cannot be read as a lock. Restore it, or delete it.`, {
      cause,
    });
  }
}

/** Adds to the lock of one repository and writes it, keys in order so that changes are readable. */
export async function lockFiles(
  file: string,
  repository: string,
  { revision, files }: LockedRepository,
): Promise<void> {
  const lock = await readLock(file);
  const merged = { ...lock.repositories[repository]?.files, ...files };
  lock.repositories[repository] = { revision, files: sorted(merged) };
  lock.repositories = sorted(lock.repositories);
  await writeAtomically(file, `${JSON.stringify(lock, null, 2)}\n`);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
