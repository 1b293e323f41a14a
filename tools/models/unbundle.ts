import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { MANIFEST_PATH, manifestSchema } from './bundle.ts';
import type { Manifest } from './bundle.ts';
import { knownRepositories } from './describe.ts';
import { explainDiskError, placeFor, writeAll } from './files.ts';
import { LIBRARY_REPOSITORY } from './list/entry.ts';
import { lockFiles, readLock } from './lock.ts';
import { createBlockReader } from './tar.ts';
import type { TarHeader } from './tar.ts';
import { checkRoom, takeTurn } from './take-turn.ts';
import { readCatalogue, writeCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** A list of files and their hashes is never larger. */
const MAX_MANIFEST_BYTES = 16_000_000;

/**
 * Unpacks an archive into public/models. Only what its manifest names is written, only below the folder, and only if
 * size and hash are right; a file appears under its name when it is whole.
 * @throws AppError `model.corrupt` for a damaged archive, `input.invalid` for one that would write elsewhere or
 * contradicts the lock here
 */
export async function unbundle(workspace: Workspace, archive: string): Promise<Manifest> {
  const release = await takeTurn(workspace.modelsDir);
  try {
    const reader = createBlockReader(createReadStream(archive));
    const manifest = await readManifest(reader);
    await checkManifest(workspace, manifest);
    await checkRoom(
      workspace.modelsDir,
      manifest.files.map(({ path, bytes }) => ({ file: join(workspace.modelsDir, path), bytes })),
    );
    const expected = new Map(manifest.files.map((file) => [file.path, file]));
    for (let header = await reader.header(); header !== undefined; header = await reader.header()) {
      const file = expected.get(header.path);
      if (!header.plain || file === undefined || file.bytes !== header.bytes) throw unexpected(header);
      expected.delete(header.path);
      await unpack(workspace.modelsDir, file, reader.content(file.bytes));
    }
    const [missing] = expected.keys();
    if (missing !== undefined)
      throw new AppError('model.corrupt', `The archive lacks ${missing}. Copy it again.`);
    for (const [repository, locked] of Object.entries(manifest.lock.repositories))
      await lockFiles(workspace.lockFile, repository, locked);
    await writeCatalogue(workspace, 'keep');
    return manifest;
  } finally {
    await release();
  }
}

async function readManifest(reader: ReturnType<typeof createBlockReader>): Promise<Manifest> {
  const header = await reader.header();
  if (header?.path !== MANIFEST_PATH || header.bytes > MAX_MANIFEST_BYTES) {
    throw new AppError('model.corrupt', 'This is no archive of `npm run models -- bundle`.');
  }
  const pieces: Buffer[] = [];
  for await (const piece of reader.content(header.bytes)) pieces.push(piece);
  try {
    return manifestSchema.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
  } catch (cause) {
    throw new AppError('model.corrupt', 'The manifest of the archive cannot be read. Nothing was unpacked.', {
      cause,
    });
  }
}

/**
 * Every file must belong to a model of the list, and to the lock that the archive brings unless Parley brings the model
 * along. What is known here stays: another revision, or another file, is refused.
 */
async function checkManifest(workspace: Workspace, manifest: Manifest): Promise<void> {
  const lock = await readLock(workspace.lockFile);
  const known = knownRepositories(await readCatalogue(workspace), lock);
  for (const [repository, { revision }] of Object.entries(manifest.lock.repositories)) {
    if ((lock.repositories[repository]?.revision ?? revision) !== revision) throw contradiction(repository);
  }
  for (const { path, sha256 } of manifest.files) {
    const owner = ownerOf(workspace, path);
    if (owner === undefined) {
      throw new AppError(
        'input.invalid',
        `The archive holds ${path}, which is no file of a model. Nothing was unpacked.`,
      );
    }
    const rest = path.slice(owner.repository.length + 1);
    const promised = owner.pulled
      ? manifest.lock.repositories[owner.repository]?.files[rest]?.sha256
      : sha256;
    if (promised !== sha256) {
      throw new AppError(
        'model.corrupt',
        `The archive contradicts itself about ${path}. Nothing was unpacked.`,
      );
    }
    if ((known.get(owner.repository)?.get(rest)?.sha256 ?? sha256) !== sha256)
      throw contradiction(owner.repository);
  }
}

function ownerOf({ list }: Workspace, path: string): { repository: string; pulled: boolean } | undefined {
  if (path.startsWith(`${LIBRARY_REPOSITORY}/`)) return { repository: LIBRARY_REPOSITORY, pulled: true };
  const model = list.find(({ id }) => path.startsWith(`${id}/`));
  return model && { repository: model.id, pulled: model.pulled };
}

function contradiction(repository: string): AppError {
  return new AppError(
    'input.invalid',
    `The archive has another ${repository} than is known here. Use the same version of Parley on both sides; to take the model of the archive, delete its entry in models.lock.json.`,
  );
}

async function unpack(
  modelsDir: string,
  { path, sha256 }: Manifest['files'][number],
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const file = await placeFor(modelsDir, path);
  const part = `${file}.unpacked`;
  const hash = createHash('sha256');
  try {
    await rm(part, { force: true });
    const handle = await open(part, 'wx');
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        await writeAll(handle, chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (hash.digest('hex') !== sha256) {
      throw new AppError('model.corrupt', `${path} was damaged on the way. Copy the archive again.`);
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw explainDiskError(error, file);
  }
}

function unexpected({ path, plain }: TarHeader): AppError {
  const why = plain ? 'its manifest does not name it like that' : 'it is a link or a folder';
  return new AppError('input.invalid', `The archive holds ${path}, and ${why}. It was not unpacked.`);
}
