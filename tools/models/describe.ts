import { join } from 'node:path';
import { parseListing } from '../../core/models/listing.ts';
import type {
  KnownFile,
  ListedFile,
  ListedModel,
  ListedVariant,
  Listing,
} from '../../core/models/listing.ts';
import { hashFile, sizeOf } from './files.ts';
import { LIBRARY_REPOSITORY } from './list/entry.ts';
import type { ModelEntry, VariantEntry } from './list/entry.ts';
import type { Lock } from './lock.ts';
import { matching } from './match.ts';

export interface ListingInput {
  list: readonly ModelEntry[];
  lock: Lock;
  modelsDir: string;
  /**
   * What was known of the models that Parley brings along, which have no lock. Only where nothing is known are their
   * files hashed: a damaged file must not become the right one because something else was pulled.
   */
  own?: KnownRepositories;
}

/** The catalogue: what the list says of each model, what is known of its files, and whether they are here. */
export async function describeListing(input: ListingInput): Promise<Listing> {
  const models = await Promise.all(input.list.map((entry) => describeModel(entry, input)));
  return parseListing({ $schema: './catalog.schema.json', version: 2, models });
}

async function describeModel(entry: ModelEntry, input: ListingInput): Promise<ListedModel> {
  const { pulled, variants, ...rest } = entry;
  const repository = entry.id;
  const revision = input.lock.repositories[repository]?.revision ?? null;
  return {
    ...rest,
    source: pulled ? { repository, revision } : null,
    variants: await Promise.all(variants.map((variant) => describeVariant(entry, variant, input))),
  };
}

async function describeVariant(
  entry: ModelEntry,
  { library, files: specs, ...rest }: VariantEntry,
  { lock, modelsDir, own }: ListingInput,
): Promise<ListedVariant> {
  const files = entry.pulled
    ? lockedFiles(specs, entry.id, lock)
    : await Promise.all(specs.map((path) => ownFile(path, join(modelsDir, entry.id), own?.get(entry.id))));
  const program = library === undefined ? [] : lockedFiles([library], LIBRARY_REPOSITORY, lock);
  const [file] = program;
  const revision = lock.repositories[LIBRARY_REPOSITORY]?.revision ?? null;
  const parts = { files, ...(file && { library: { repository: LIBRARY_REPOSITORY, revision, file } }) };
  return { ...rest, served: await isServed(entry.id, parts, modelsDir), ...parts };
}

/** The same catalogue for another place: `served` says which variants lie whole below `modelsDir`. */
export async function describeServed(listing: Listing, modelsDir: string): Promise<Listing> {
  const models = listing.models.map(async (model) => {
    const variants = model.variants.map(async (variant) => ({
      ...variant,
      served: await isServed(model.id, variant, modelsDir),
    }));
    return { ...model, variants: await Promise.all(variants) };
  });
  return { ...listing, models: await Promise.all(models) };
}

async function isServed(
  id: string,
  { files, library }: Pick<ListedVariant, 'files' | 'library'>,
  modelsDir: string,
): Promise<boolean> {
  const present = await Promise.all([
    ...files.map((file) => isHere(file, join(modelsDir, id))),
    ...(library ? [isHere(library.file, join(modelsDir, library.repository))] : []),
  ]);
  return present.every(Boolean);
}

function lockedFiles(specs: readonly string[], repository: string, lock: Lock): ListedFile[] {
  const locked = lock.repositories[repository]?.files ?? {};
  const found = specs.flatMap((spec): ListedFile[] => {
    const paths = matching(spec, Object.keys(locked));
    if (paths.length === 0) return [{ path: spec, bytes: null, sha256: null }];
    return paths.map((path) => ({ path, ...locked[path]! }));
  });
  return [...new Map(found.map((file) => [file.path, file])).values()];
}

async function ownFile(path: string, folder: string, known: KnownFiles | undefined): Promise<ListedFile> {
  const before = known?.get(path);
  if (before !== undefined) return { path, bytes: before.bytes, sha256: before.sha256 };
  const bytes = await sizeOf(join(folder, path));
  if (bytes === undefined) return { path, bytes: null, sha256: null };
  return { path, bytes, sha256: await hashFile(join(folder, path)) };
}

async function isHere(file: ListedFile, folder: string): Promise<boolean> {
  return file.bytes !== null && (await sizeOf(join(folder, file.path))) === file.bytes;
}

/** Files of a repository whose size and hash are known, by path. */
export type KnownFiles = Map<string, Pick<KnownFile, 'bytes' | 'sha256'>>;
export type KnownRepositories = Map<string, KnownFiles>;

/** What is known of every repository: by the lock, and of the models that Parley brings along by the catalogue. */
export function knownRepositories(listing: Listing, lock: Lock): KnownRepositories {
  const repositories: KnownRepositories = new Map();
  for (const [repository, { files }] of Object.entries(lock.repositories)) {
    repositories.set(repository, new Map(Object.entries(files)));
  }
  for (const { id, source, variants } of listing.models) {
    if (source !== null) continue;
    const files = variants.flatMap((variant) => variant.files);
    const known = files.flatMap((file) => (file.sha256 === null ? [] : [[file.path, file] as const]));
    repositories.set(id, new Map(known));
  }
  return repositories;
}
