/**
 * Writes public/models/catalog.json for the starter models that lie in public/models/starter: sizes and hashes are
 * those of the files. Run it after the starter models were trained anew: `npm run catalog`.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCatalog } from '../core/models/catalog.ts';
import type { Catalog, CatalogModel } from '../core/models/catalog.ts';

type Variant = CatalogModel['variants']['wasm'];

const textFiles = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];

async function describe(
  modelsDir: string,
  id: string,
  dtype: Variant['dtype'],
  paths: string[],
): Promise<Variant> {
  const files = paths.map(async (path) => {
    const bytes = await readFile(join(modelsDir, id, path));
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  return { dtype, files: await Promise.all(files) };
}

/** The catalogue of the starter models in `modelsDir`. */
export async function describeStarterModels(modelsDir: string): Promise<Catalog> {
  const recogniser = 'starter/recogniser';
  const chat = 'starter/chat';
  const turnAudio = 'starter/turn-audio';
  const turnText = 'starter/turn-text';
  const speech = [...textFiles, 'preprocessor_config.json'];
  const shared = {
    runtime: 'transformers.js',
    licence: 'Apache-2.0',
    languages: ['en'],
    prefers: 'wasm',
  } as const;
  return parseCatalog({
    version: 1,
    models: [
      {
        id: recogniser,
        stage: 'stt',
        name: 'Whisper (starter)',
        ...shared,
        variants: {
          wasm: await describe(modelsDir, recogniser, 'q8', [
            ...speech,
            'onnx/encoder_model_quantized.onnx',
            'onnx/decoder_model_merged_quantized.onnx',
          ]),
          webgpu: await describe(modelsDir, recogniser, 'fp32', [
            ...speech,
            'onnx/encoder_model.onnx',
            'onnx/decoder_model_merged.onnx',
          ]),
        },
      },
      {
        id: chat,
        stage: 'llm',
        name: 'Llama (starter)',
        ...shared,
        variants: {
          wasm: await describe(modelsDir, chat, 'q8', [...textFiles, 'onnx/model_quantized.onnx']),
          webgpu: await describe(modelsDir, chat, 'fp32', [...textFiles, 'onnx/model.onnx']),
        },
      },
      {
        id: turnAudio,
        stage: 'turn-audio',
        name: 'Smart Turn (starter)',
        ...shared,
        variants: {
          wasm: await describe(modelsDir, turnAudio, 'q8', [
            'config.json',
            'preprocessor_config.json',
            'onnx/model_quantized.onnx',
          ]),
        },
      },
      {
        id: turnText,
        stage: 'turn-text',
        name: 'DistilBERT (starter)',
        ...shared,
        variants: {
          wasm: await describe(modelsDir, turnText, 'q8', [
            'config.json',
            'tokenizer.json',
            'tokenizer_config.json',
            'onnx/model_quantized.onnx',
          ]),
        },
      },
    ],
  });
}

if (import.meta.main) {
  const catalog = await describeStarterModels('public/models');
  await writeFile('public/models/catalog.json', `${JSON.stringify(catalog, null, 2)}\n`);
}
