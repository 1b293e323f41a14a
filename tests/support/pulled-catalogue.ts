import { readFileSync } from 'node:fs';
import { parseCatalog } from '../../core/models/catalog.ts';
import type { Catalog, CatalogModel, CatalogVariant } from '../../core/models/catalog.ts';

/** The catalogue as it is in the repository. */
export const ownCatalogue: Catalog = parseCatalog(
  JSON.parse(readFileSync('public/models/catalog.json', 'utf8')),
);

/**
 * Stand-ins for what the files of a variant weigh, in MB, in the order of its variants: round numbers in proportion to
 * the parameters, so that a plan has something to choose between. The real sizes are known once a model was pulled.
 */
const standInMb: Readonly<Record<string, readonly number[]>> = {
  'onnx-community/whisper-tiny': [40, 90],
  'onnx-community/whisper-tiny.en': [40, 90],
  'onnx-community/whisper-base': [80, 170],
  'onnx-community/whisper-base.en': [80, 170],
  'onnx-community/whisper-small': [250, 480],
  'onnx-community/whisper-small.en': [250, 480],
  'onnx-community/distil-medium.en': [400, 800],
  'onnx-community/whisper-large-v3-turbo': [1000, 560],
  'onnx-community/moonshine-tiny-ONNX': [30, 60],
  'onnx-community/moonshine-base-ONNX': [60, 140],
  'onnx-community/parakeet-ctc-0.6b-ONNX': [400, 400],
  'onnx-community/Voxtral-Mini-3B-2507-ONNX': [2500, 3000],
  'onnx-community/Llama-3.2-1B-Instruct-ONNX': [1200, 900, 1200],
  'onnx-community/Llama-3.2-3B-Instruct-ONNX': [2000, 2500],
  'onnx-community/Qwen3-0.6B-ONNX': [600, 500, 600],
  'onnx-community/Qwen3-4B-ONNX': [2500, 2900],
  'HuggingFaceTB/SmolLM2-135M-Instruct': [140, 110, 140],
  'HuggingFaceTB/SmolLM2-360M-Instruct': [370, 270, 370],
  'onnx-community/Kokoro-82M-v1.0-ONNX': [90, 320],
};

/** The catalogue as if every model had been pulled to this site. */
export const pulledCatalogue: Catalog = { models: ownCatalogue.models.map(pulled) };

function pulled(model: CatalogModel): CatalogModel {
  const variants = model.variants.map((variant, index): CatalogVariant => {
    if (variant.files !== null) return variant;
    const bytes = (standInMb[model.id]?.[index] ?? 100) * 1_000_000;
    return { ...variant, served: true, files: [{ path: 'weights', bytes, sha256: '0'.repeat(64) }] };
  });
  return { ...model, variants };
}
