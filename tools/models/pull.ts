import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { relativePath } from '../../core/models/listing.ts';
import { download } from './download.ts';
import { hashFile, placeFor, sizeOf } from './files.ts';
import type { HubFile } from './hub.ts';
import type { ModelEntry } from './list/entry.ts';
import { lockFiles } from './lock.ts';
import type { LockedFile } from './lock.ts';
import { inParallel } from '../../core/parallel.ts';
import { planPull } from './plan-pull.ts';
import type { Hubs, RepositoryPlan } from './plan-pull.ts';
import type { Progress } from './progress.ts';
import type { RetryDeps } from '../../core/retry.ts';
import { checkRoom, takeTurn } from './take-turn.ts';
import { writeCatalogue } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** More at once gains nothing on one line, and hubs answer it with 429. */
const PARALLEL_FILES = 4;

export interface PullDeps extends RetryDeps {
  hubs: Hubs;
  progress: Progress;
}

/**
 * Fetches all files of the models, records at the first time what they are, and writes the catalogue.
 * @returns how many bytes and files were fetched
 */
export async function pull(
  workspace: Workspace,
  entries: readonly ModelEntry[],
  deps: PullDeps,
): Promise<{ files: number; bytes: number }> {
  const release = await takeTurn(workspace.modelsDir);
  try {
    const plans = await planPull(workspace, entries, deps.hubs, deps.signal);
    const missing = plans.flatMap((plan) => plan.missing.map((file) => ({ plan, file })));
    const bytes = missing.reduce((sum, { file }) => sum + file.bytes, 0);
    await checkRoom(
      workspace.modelsDir,
      missing.map(({ plan, file }) => ({
        file: join(workspace.modelsDir, plan.repository, file.path),
        bytes: file.bytes,
      })),
    );
    // Pinned before the first byte, so that what is broken off goes on with the same revision.
    for (const { locked, repository, revision } of plans)
      if (locked) await lockFiles(workspace.lockFile, repository, { revision, files: {} });
    deps.progress.start(bytes, missing.length);
    const fetched = new Map<HubFile, LockedFile>();
    await inParallel(missing, PARALLEL_FILES, deps.signal, async ({ plan, file }, signal) => {
      fetched.set(file, await fetchFile(workspace, plan, file, { ...deps, signal }));
    });
    for (const plan of plans) await record(workspace, plan, fetched);
    await writeCatalogue(workspace, 'keep');
    return { files: missing.length, bytes };
  } finally {
    deps.progress.end();
    await release();
  }
}

async function fetchFile(
  { modelsDir }: Workspace,
  { repository, hub, revision }: RepositoryPlan,
  { path, ...expected }: HubFile,
  deps: PullDeps,
): Promise<LockedFile> {
  const name = `${repository}/${path}`;
  const file = await placeFor(modelsDir, name);
  // A pull that was stopped leaves whole files that the lock does not know yet: they count as begun, and are checked.
  if (expected.sha256 === null && (await sizeOf(file)) === expected.bytes) await rename(file, `${file}.part`);
  const done = await download(
    {
      ...expected,
      name,
      file,
      open: (fromByte) => hub.open({ repository, revision, path, fromByte }, deps.signal),
      onBytes: deps.progress.bytes,
    },
    deps,
  );
  deps.progress.done(name, done.bytes);
  return done;
}

async function record(
  { lockFile, modelsDir }: Workspace,
  { repository, revision, locked, here, missing }: RepositoryPlan,
  fetched: ReadonlyMap<HubFile, LockedFile>,
): Promise<void> {
  if (!locked) return;
  const files = new Map<string, LockedFile>();
  for (const file of [...here, ...missing]) {
    const known = fetched.get(file);
    const sha256 = known?.sha256 ?? file.sha256 ?? (await hashFile(join(modelsDir, repository, file.path)));
    files.set(file.path, { bytes: file.bytes, sha256 });
  }
  if (files.has('tensor-cache.json')) await checkShards(join(modelsDir, repository), [...files.keys()]);
  await lockFiles(lockFile, repository, { revision, files: Object.fromEntries(files) });
}

const tensorCache = z.object({ records: z.array(z.object({ dataPath: relativePath })) });

/** WebLLM asks for every shard that tensor-cache.json lists. @throws AppError `model.missing` where one is missing */
async function checkShards(folder: string, paths: readonly string[]): Promise<void> {
  const text = await readFile(join(folder, 'tensor-cache.json'), 'utf8');
  const listed = tensorCache.parse(JSON.parse(text)).records.map(({ dataPath }) => dataPath);
  const missing = listed.filter((path) => !paths.includes(path));
  if (missing.length === 0) return;
  throw new AppError(
    'model.missing',
    `tensor-cache.json lists ${missing.join(', ')}, which the hub did not offer. Pull from a hub that has the whole model.`,
  );
}
