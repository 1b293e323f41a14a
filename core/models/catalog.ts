import { knownFiles, parseListing } from './listing.ts';
import type { KnownFile, ListedModel, ListedVariant } from './listing.ts';

/** One way to run a model. */
export interface CatalogVariant extends Pick<
  ListedVariant,
  'device' | 'dtype' | 'needs' | 'served' | 'library'
> {
  /** Everything that it loads; null where it was never pulled, so that sizes and hashes are unknown. Never loaded then. */
  files: readonly KnownFile[] | null;
}

/** A model as the page chooses by it. */
export interface CatalogModel extends Pick<
  ListedModel,
  'id' | 'stages' | 'name' | 'engine' | 'licence' | 'languages' | 'prefers' | 'quality' | 'speed'
> {
  variants: readonly CatalogVariant[];
}

export interface Catalog {
  models: readonly CatalogModel[];
}

/**
 * All models of public/models/catalog.json, those that cannot be loaded included: the plan says why not.
 * @throws AppError `input.invalid`, naming the first field that does not fit.
 */
export function parseCatalog(json: unknown): Catalog {
  return {
    models: parseListing(json).models.map((model) => ({
      ...model,
      variants: model.variants.map((variant) => ({ ...variant, files: filesOf(variant) ?? null })),
    })),
  };
}

/** The compiled program of a WebLLM model comes from elsewhere, and without it nothing runs. */
function filesOf({ files, library }: ListedVariant): KnownFile[] | undefined {
  return library !== undefined && library.file.sha256 === null ? undefined : knownFiles(files);
}

/** All files of the variant together; null where they are unknown. */
export function variantBytes({ files, library }: CatalogVariant): number | null {
  if (files === null) return null;
  return files.reduce((sum, { bytes }) => sum + bytes, library?.file.bytes ?? 0);
}
