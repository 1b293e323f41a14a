import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { knownRepositories } from './describe.ts';
import type { KnownFiles } from './describe.ts';
import { hashFile, sizeOf } from './files.ts';
import type { Hub, HubFile } from './hub.ts';
import { LIBRARY_REPOSITORY } from './list/entry.ts';
import type { ModelEntry } from './list/entry.ts';
import { readLock } from './lock.ts';
import { matching } from './match.ts';
import { readCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** Where each kind of repository comes from. */
export interface Hubs {
  models: Hub;
  /** WebLLM's compiled programs. */
  libraries: Hub;
  /** The models that Parley brings along are on no public hub, but another Parley may serve them. */
  own?: Hub;
}

/** What is to be fetched of one repository. */
export interface RepositoryPlan {
  repository: string;
  hub: Hub;
  revision: string;
  /** False for what Parley brings along: its hashes stand in the catalogue. */
  locked: boolean;
  /** Files that are here already, whole and right. */
  here: HubFile[];
  missing: HubFile[];
}

/**
 * Asks what the models consist of and looks what of that is here. A repository of which all is here and known is not
 * asked for.
 * @throws AppError `model.missing` where a hub lacks a file, `model.corrupt` where it has another one than was locked
 */
export async function planPull(
  workspace: Workspace,
  entries: readonly ModelEntry[],
  hubs: Hubs,
  signal: AbortSignal,
): Promise<RepositoryPlan[]> {
  const lock = await readLock(workspace.lockFile);
  const known = knownRepositories(await readCatalogue(workspace), lock);
  const wanted = wantedFiles(entries);
  const plans = [...wanted].map(async ([repository, { specs, own }]) => {
    const locked = lock.repositories[repository]?.revision;
    const files = known.get(repository) ?? new Map();
    const rest = await missingSpecs(specs, files, join(workspace.modelsDir, repository));
    if (rest.length === 0) return [];
    const hub = own ? hubs.own : repository === LIBRARY_REPOSITORY ? hubs.libraries : hubs.models;
    if (hub === undefined) {
      throw new AppError(
        'model.missing',
        `${repository} lacks ${rest.join(', ')}. It belongs to Parley itself: git checkout -- public/models/${repository}`,
      );
    }
    const { revision, paths, describe } = await hub.look(repository, locked ?? 'main', signal);
    if (locked !== undefined && revision !== locked) {
      throw new AppError(
        'model.missing',
        `${hub.url} has another revision of ${repository} than the lock, ${locked}.`,
      );
    }
    const chosen = rest.flatMap((spec) => {
      const found = matching(spec, paths);
      if (found.length > 0) return found;
      throw new AppError('model.missing', `${hub.url} has no file ${spec} in ${repository}.`);
    });
    const described = await Promise.all([...new Set(chosen)].map(describe));
    const expected = described.map((file) => enforce(file, files, repository, hub));
    const folder = join(workspace.modelsDir, repository);
    const whole = await Promise.all(expected.map((file) => isWhole(file, join(folder, file.path))));
    return [
      {
        repository,
        hub,
        revision,
        locked: !own,
        here: expected.filter((_file, at) => whole[at]),
        missing: expected.filter((_file, at) => !whole[at]),
      },
    ];
  });
  return (await Promise.all(plans)).flat();
}

function wantedFiles(entries: readonly ModelEntry[]): Map<string, { specs: Set<string>; own: boolean }> {
  const wanted = new Map<string, { specs: Set<string>; own: boolean }>();
  function want(repository: string, own: boolean, specs: readonly string[]): void {
    const before = wanted.get(repository)?.specs ?? [];
    wanted.set(repository, { specs: new Set([...before, ...specs]), own });
  }
  for (const { id, pulled, variants } of entries) {
    for (const { files, library } of variants) {
      want(id, !pulled, files);
      if (library !== undefined) want(LIBRARY_REPOSITORY, false, [library]);
    }
  }
  return wanted;
}

/** The paths and patterns of which something is unknown, missing or damaged. */
async function missingSpecs(
  specs: ReadonlySet<string>,
  known: KnownFiles,
  folder: string,
): Promise<string[]> {
  const missing = [...specs].map(async (spec) => {
    const paths = matching(spec, [...known.keys()]);
    const whole = await Promise.all(
      paths.map((path) => isWhole({ gitSha1: null, ...known.get(path)! }, join(folder, path))),
    );
    return paths.length > 0 && whole.every(Boolean) ? [] : [spec];
  });
  return (await Promise.all(missing)).flat();
}

/** What was found at the first pull holds; the hub may say no other. */
function enforce(file: HubFile, known: KnownFiles, repository: string, hub: Hub): HubFile {
  const before = known.get(file.path);
  if (before === undefined) return file;
  if (before.bytes !== file.bytes || (file.sha256 ?? before.sha256) !== before.sha256) {
    throw new AppError(
      'model.corrupt',
      `${hub.url} has another ${file.path} in ${repository} than the one that was locked. Pull from another hub.`,
    );
  }
  return { ...file, sha256: before.sha256 };
}

async function isWhole(
  { bytes, sha256 }: Pick<HubFile, 'bytes' | 'sha256' | 'gitSha1'>,
  file: string,
): Promise<boolean> {
  if (sha256 === null || (await sizeOf(file)) !== bytes) return false;
  return (await hashFile(file)) === sha256;
}
