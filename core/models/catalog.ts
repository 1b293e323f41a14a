import type { EngineName } from './engines.ts';
import { knownFiles, parseListing } from './listing.ts';
import type { Dtype, KnownFile, ListedModel, ListedVariant } from './listing.ts';

/** Engines that the page has a thread for. */
const loadableEngines = [
  'whisper',
  'causal-lm',
  'turn-audio',
  'turn-text',
] as const satisfies readonly EngineName[];

const stages = ['stt', 'llm', 'turn-audio', 'turn-text'] as const;
const dtypes = ['fp32', 'fp16', 'q8', 'q4', 'q4f16'] as const satisfies readonly Dtype[];

interface Variant {
  dtype: (typeof dtypes)[number];
  /** Everything that this variant loads. */
  files: KnownFile[];
}

/** A model that the engines of this page can load from this site. */
export interface CatalogModel {
  /** Also its folder below /models: "starter/recogniser". */
  id: string;
  /** The two models that tell the end of a turn, by its sound and by its words, have a stage each. */
  stage: (typeof stages)[number];
  /** As a person would name it. */
  name: string;
  engine: (typeof loadableEngines)[number];
  licence: string;
  /** BCP-47 primary tags. */
  languages: string[];
  /** Where it runs best when the person has no preference. */
  prefers: 'wasm' | 'webgpu';
  /** Every model runs on wasm; small ones have nothing to gain elsewhere. */
  variants: { wasm: Variant; webgpu?: Variant | undefined };
}

export interface Catalog {
  models: CatalogModel[];
}

/**
 * What can be loaded of all that public/models/catalog.json lists: a model with a file that this site lacks, or whose
 * hash nobody knows, is left out.
 * @throws AppError `input.invalid`, naming the first field that does not fit.
 */
export function parseCatalog(json: unknown): Catalog {
  return { models: parseListing(json).models.flatMap(loadable) };
}

function loadable(model: ListedModel): CatalogModel[] {
  const { id, name, licence, languages, prefers } = model;
  const stage = stages.find((each) => model.stages.includes(each));
  const wasm = variantOn(model, 'wasm');
  const engine = loadableEngines.find((each) => each === model.engine);
  if (!engine || model.stages.length > 1 || !stage || !wasm) return [];
  const webgpu = variantOn(model, 'webgpu');
  return [
    { id, stage, name, engine, licence, languages, prefers, variants: { wasm, ...(webgpu && { webgpu }) } },
  ];
}

function variantOn({ variants }: ListedModel, device: ListedVariant['device']): Variant | undefined {
  for (const variant of variants) {
    const dtype = dtypes.find((each) => each === variant.dtype);
    const files = knownFiles(variant.files);
    // Nothing here asks the device for half floats yet, so a variant that needs them counts as unusable.
    const usable = variant.device === device && variant.served && !variant.needs.shaderF16;
    if (usable && dtype && files) return { dtype, files };
  }
  return undefined;
}
