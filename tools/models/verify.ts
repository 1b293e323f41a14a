import { join } from 'node:path';
import { knownRepositories } from './describe.ts';
import type { KnownFiles } from './describe.ts';
import { hashFile, sizeOf } from './files.ts';
import { LIBRARY_REPOSITORY } from './list/entry.ts';
import type { ModelEntry } from './list/entry.ts';
import { readLock } from './lock.ts';
import { readCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface Verdict {
  /** A file with its repository, or a model that was never pulled. */
  name: string;
  state: 'ok' | 'missing' | 'wrong size' | 'wrong hash' | 'unknown';
}

/** The models of which at least one file lies here. */
export async function presentModels(workspace: Workspace): Promise<ModelEntry[]> {
  const known = knownRepositories(await readCatalogue(workspace), await readLock(workspace.lockFile));
  const present: ModelEntry[] = [];
  for (const entry of workspace.list) {
    const paths = [...(known.get(entry.id)?.keys() ?? [])];
    const sizes = await Promise.all(paths.map((path) => sizeOf(join(workspace.modelsDir, entry.id, path))));
    if (sizes.some((size) => size !== undefined)) present.push(entry);
  }
  return present;
}

/** Reads every file of the models and compares it with the lock and the catalogue. */
export async function verify(workspace: Workspace, entries: readonly ModelEntry[]): Promise<Verdict[]> {
  const known = knownRepositories(await readCatalogue(workspace), await readLock(workspace.lockFile));
  const verdicts = new Map<string, Verdict>();
  for (const entry of entries) {
    const libraries = known.get(LIBRARY_REPOSITORY);
    for (const verdict of await verifyModel(workspace.modelsDir, entry, known.get(entry.id), libraries))
      verdicts.set(verdict.name, verdict);
  }
  return [...verdicts.values()];
}

async function verifyModel(
  modelsDir: string,
  { id, variants }: ModelEntry,
  files: KnownFiles = new Map(),
  libraries: KnownFiles = new Map(),
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const paths = new Set(files.keys());
  for (const path of paths) verdicts.push(await verifyFile(modelsDir, id, path, files.get(path)!));
  for (const { library } of variants) {
    if (library === undefined || paths.size === 0) continue;
    const known = libraries.get(library);
    const name = `${LIBRARY_REPOSITORY}/${library}`;
    verdicts.push(
      known ? await verifyFile(modelsDir, LIBRARY_REPOSITORY, library, known) : { name, state: 'unknown' },
    );
  }
  return verdicts.length > 0 ? verdicts : [{ name: id, state: 'unknown' }];
}

async function verifyFile(
  modelsDir: string,
  repository: string,
  path: string,
  { bytes, sha256 }: { bytes: number; sha256: string },
): Promise<Verdict> {
  const name = `${repository}/${path}`;
  const file = join(modelsDir, repository, path);
  const size = await sizeOf(file);
  if (size === undefined) return { name, state: 'missing' };
  if (size !== bytes) return { name, state: 'wrong size' };
  return { name, state: (await hashFile(file)) === sha256 ? 'ok' : 'wrong hash' };
}
