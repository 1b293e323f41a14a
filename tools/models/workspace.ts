import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/errors.ts';
import { parseListing } from '../../core/models/listing.ts';
import type { Listing } from '../../core/models/listing.ts';
import { describeListing, knownRepositories } from './describe.ts';
import { isMissing, writeAtomically } from './files.ts';
import type { ModelEntry } from './list/entry.ts';
import { modelList, profiles } from './list/models.ts';
import { readLock } from './lock.ts';

/** Where models and what is known of them lie. */
export interface Workspace {
  modelsDir: string;
  lockFile: string;
  list: readonly ModelEntry[];
  profiles: Readonly<Record<string, readonly string[]>>;
}

/** That of this repository. */
export const ownWorkspace: Workspace = {
  modelsDir: fileURLToPath(new URL('../../public/models/', import.meta.url)),
  lockFile: fileURLToPath(new URL('../../models.lock.json', import.meta.url)),
  list: modelList,
  profiles,
};

/** The catalogue as it was last written; made anew where there is none. */
export async function readCatalogue(workspace: Workspace): Promise<Listing> {
  return (
    (await readWritten(workspace)) ??
    describeListing({ ...workspace, lock: await readLock(workspace.lockFile) })
  );
}

/**
 * Writes the catalogue anew from list, lock and files.
 * @param own `rehash` where the models that Parley brings along were made anew; else their hashes stay
 */
export async function writeCatalogue(workspace: Workspace, own: 'keep' | 'rehash'): Promise<void> {
  const lock = await readLock(workspace.lockFile);
  const before = own === 'keep' ? await readWritten(workspace) : undefined;
  const listing = await describeListing({
    ...workspace,
    lock,
    ...(before && { own: knownRepositories(before, lock) }),
  });
  const file = join(workspace.modelsDir, 'catalog.json');
  await writeAtomically(file, `${formatListing(listing)}\n`);
}

async function readWritten({ modelsDir }: Workspace): Promise<Listing | undefined> {
  const file = join(modelsDir, 'catalog.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return parseListing(JSON.parse(text));
  } catch (cause) {
    throw new AppError('input.invalid', `${file} cannot be read. Write it anew: npm run catalog`, { cause });
  }
}

/** JSON with a line for each file: the page fetches it, and people compare it. */
export function formatListing(listing: Listing): string {
  return JSON.stringify(listing, null, 1).replaceAll(
    /\{\s+("path": "[^"]*"),\s+("bytes": \w+),\s+("sha256": "?\w+"?)\s+\}/g,
    '{ $1, $2, $3 }',
  );
}

/** @throws AppError `input.invalid` for an id that the list does not have */
export function findEntries({ list }: Workspace, ids: readonly string[]): ModelEntry[] {
  return ids.map((id) => {
    const entry = list.find((each) => each.id === id);
    if (entry !== undefined) return entry;
    const near = list
      .filter((each) => each.id.toLowerCase().includes(id.toLowerCase()))
      .map((each) => each.id);
    const hint =
      near.length > 0 ? `Did you mean ${near.slice(0, 3).join(' or ')}?` : 'See: npm run models -- list';
    throw new AppError('input.invalid', `There is no model ${id}. ${hint}`);
  });
}
