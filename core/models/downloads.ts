import { downloadId } from './download-id.ts';
import { knownFiles } from './listing.ts';
import type { KnownFile, ListedModel, ListedVariant, Listing } from './listing.ts';
import type { FileState } from './store-layout.ts';

/** A file and where it comes from. */
export interface RemoteFile extends KnownFile {
  /** The repository at a hub, and the folder below /models of a site. */
  repository: string;
  /** The commit at a hub; null where no hub has it. */
  revision: string | null;
}

/** One variant of a model: what is fetched, kept and deleted together. */
export interface Download {
  /** Model, device and number format: "starter/chat wasm q8". */
  id: string;
  modelId: string;
  device: ListedVariant['device'];
  needs: ListedVariant['needs'];
  /** Whether this site has all its files. */
  served: boolean;
  files: RemoteFile[];
  /** All files together; one that is listed twice counts once. */
  bytes: number;
}

/** A model, and what can be had of it. */
export interface Offer {
  model: ListedModel;
  /** Empty where size or hash of its files are not known: what cannot be checked is not fetched. */
  downloads: Download[];
}

/** All models that a catalogue lists, in its order. */
export function offersOf(listing: Listing): Offer[] {
  return listing.models.map((model) => ({
    model,
    downloads: model.variants.flatMap((variant) => downloadOf(model, variant)),
  }));
}

function downloadOf(model: ListedModel, variant: ListedVariant): Download[] {
  const own = knownFiles(variant.files);
  const library = variant.library && knownFiles([variant.library.file]);
  if (own === undefined || (variant.library && library === undefined)) return [];
  const files = [
    ...own.map((file) => ({
      ...file,
      repository: model.source?.repository ?? model.id,
      revision: model.source?.revision ?? null,
    })),
    ...(library ?? []).map((file) => ({
      ...file,
      repository: variant.library!.repository,
      revision: variant.library!.revision,
    })),
  ];
  const { device, needs, served } = variant;
  const id = downloadId(model, variant);
  return [{ id, modelId: model.id, device, needs, served, files, bytes: totalOf(files) }];
}

/** What lies here of a download. */
export function presentBytes({ files }: Download, here: ReadonlyMap<string, FileState>): number {
  return totalOf(
    files.map((file) => ({ ...file, bytes: Math.min(file.bytes, here.get(file.sha256)?.presentBytes ?? 0) })),
  );
}

/** Whether every file is here, whole and right. */
export function isStored({ files }: Download, here: ReadonlyMap<string, FileState>): boolean {
  return files.every(({ sha256 }) => here.get(sha256)?.verified === true);
}

/** Hashes of the files that only this download has use for; `kept` are all that stay. */
export function removableFiles({ files }: Download, kept: readonly Download[]): string[] {
  const needed = new Set(kept.flatMap((each) => each.files.map(({ sha256 }) => sha256)));
  return [...new Set(files.map(({ sha256 }) => sha256))].filter((sha256) => !needed.has(sha256));
}

function totalOf(files: readonly KnownFile[]): number {
  const sizes = new Map(files.map(({ sha256, bytes }) => [sha256, bytes]));
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
