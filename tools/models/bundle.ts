import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { knownFile, relativePath } from '../../core/models/listing.ts';
import { knownRepositories } from './describe.ts';
import { explainDiskError, sizeOf, writeAll } from './files.ts';
import { LIBRARY_REPOSITORY } from './list/entry.ts';
import type { ModelEntry } from './list/entry.ts';
import { lockSchema, readLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { endOfArchive, encodeHeader, padding } from './tar.ts';
import { readCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** Stands first in an archive and says what follows, so that nothing has to be taken on trust. */
export const manifestSchema = z.object({
  version: z.literal(1),
  /** What the lock of the other side gains. */
  lock: lockSchema,
  /** Paths below public/models, in the order of the archive. */
  files: z.array(knownFile),
});

export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST_PATH = 'manifest.json';

/**
 * Writes one archive with all files of the models, to be carried to where no network is.
 * @throws AppError `model.missing` where a file is not here, `model.corrupt` where one has another hash than is known
 */
export async function bundle(
  workspace: Workspace,
  entries: readonly ModelEntry[],
  archive: string,
): Promise<Manifest> {
  const manifest = await describeBundle(workspace, entries);
  const part = `${archive}.part`;
  try {
    const handle = await open(part, 'w');
    try {
      const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
      for (const piece of [encodeHeader(MANIFEST_PATH, text.length), text, padding(text.length)])
        await writeAll(handle, piece);
      for (const file of manifest.files) {
        await writeAll(handle, encodeHeader(file.path, file.bytes));
        const content = checkedContent(join(workspace.modelsDir, file.path), file);
        for await (const chunk of content) await writeAll(handle, chunk);
        await writeAll(handle, padding(file.bytes));
      }
      await writeAll(handle, endOfArchive);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, archive);
  } catch (error) {
    await rm(part, { force: true });
    throw explainDiskError(error, archive);
  }
  return manifest;
}

async function describeBundle(workspace: Workspace, entries: readonly ModelEntry[]): Promise<Manifest> {
  const all = await readLock(workspace.lockFile);
  const known = knownRepositories(await readCatalogue(workspace), all);
  const lock: Lock = { version: 1, repositories: {} };
  const files = new Map<string, Manifest['files'][number]>();
  for (const { id, variants } of entries) {
    const wanted = [...(known.get(id)?.keys() ?? [])].map((path) => [id, path] as const);
    if (wanted.length === 0)
      throw new AppError('model.missing', `${id} is not here. First: npm run models -- pull ${id}`);
    for (const { library } of variants) if (library !== undefined) wanted.push([LIBRARY_REPOSITORY, library]);
    for (const [repository, path] of wanted) {
      const file = known.get(repository)?.get(path);
      const name = `${repository}/${path}`;
      if (file === undefined || (await sizeOf(join(workspace.modelsDir, name))) === undefined) {
        throw new AppError('model.missing', `${name} is not here. First: npm run models -- pull ${id}`);
      }
      files.set(name, { path: relativePath.parse(name), bytes: file.bytes, sha256: file.sha256 });
      const revision = all.repositories[repository]?.revision;
      if (revision === undefined) continue;
      const locked = (lock.repositories[repository] ??= { revision, files: {} });
      locked.files[path] = { bytes: file.bytes, sha256: file.sha256 };
    }
  }
  return { version: 1, lock, files: [...files.values()] };
}

/** The bytes of a file; at their end, size and hash must be the known ones. */
async function* checkedContent(
  file: string,
  { path, bytes, sha256 }: Manifest['files'][number],
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    read += chunk.length;
    yield chunk;
  }
  if (read === bytes && hash.digest('hex') === sha256) return;
  throw new AppError(
    'model.corrupt',
    `${path} is damaged. Delete it and pull it again; no archive was written.`,
  );
}
