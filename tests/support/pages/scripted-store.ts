import { offersOf } from '../../../core/models/downloads.ts';
import type { ListedModel, ListedVariant } from '../../../core/models/listing.ts';
import type { DownloadStatus, ModelStore, ModelStoreView } from '../../../src/state/model-store.ts';

function variant(device: ListedVariant['device'], bytes: number, name: string): ListedVariant {
  return {
    device,
    dtype: device === 'wasm' ? 'q8' : 'q4',
    needs: { webgpu: device === 'webgpu', shaderF16: false, memoryMb: null, threads: null },
    served: false,
    files: [{ path: 'onnx/model.onnx', bytes, sha256: `${name}${device}`.padEnd(64, '0') }],
  };
}

function model(name: string, stage: 'stt' | 'llm' | 'tts', more: Partial<ListedModel>): ListedModel {
  return {
    id: `example/${name}`,
    stages: [stage],
    name,
    engine: 'whisper',
    licence: 'MIT',
    languages: ['en'],
    source: { repository: `example/${name}`, revision: '0'.repeat(40) },
    prefers: 'wasm',
    quality: 'basic',
    speed: 'fast',
    variants: [variant('wasm', 1, name)],
    ...more,
  };
}

const models: ListedModel[] = [
  model('Whisper tiny', 'stt', {
    languages: ['mul'],
    variants: [variant('wasm', 41_000_000, 'a'), variant('webgpu', 118_000_000, 'a')],
  }),
  model('Llama 3.2 1B', 'llm', {
    licence: 'Llama-3.2',
    languages: ['en', 'de', 'fr', 'it', 'pt', 'hi', 'es', 'th'],
    variants: [variant('webgpu', 1_240_000_000, 'b')],
  }),
  model('SmolLM2 135M', 'llm', { variants: [variant('wasm', 137_000_000, 'c')] }),
  model('Kokoro 82M', 'tts', {
    languages: ['en', 'es', 'fr', 'hi', 'it', 'pt'],
    variants: [variant('wasm', 92_000_000, 'd'), variant('webgpu', 326_000_000, 'd')],
  }),
  ...['Whisper base', 'Whisper small', 'Moonshine tiny'].map((name) =>
    model(name, 'stt', {
      variants: [
        { ...variant('wasm', 1, name), files: [{ path: 'onnx/model.onnx', bytes: null, sha256: null }] },
      ],
    }),
  ),
];

/**
 * A store that shows what it is told and writes down what the page asks of it.
 * @param states of the downloads, in order; all are absent where there are none
 */
export function createScriptedStore(
  note: (...call: unknown[]) => void,
  states: readonly Partial<DownloadStatus>[] = [],
): ModelStore {
  const offers = offersOf({ version: 2, models });
  const statuses = offers
    .flatMap(({ downloads }) => downloads)
    .map((download, index): DownloadStatus => ({
      download,
      state: 'absent',
      presentBytes: 0,
      ...states[index],
    }));
  const view: ModelStoreView = {
    offers,
    downloads: new Map(statuses.map((status) => [status.download.id, status])),
    space: { usedBytes: 486_000_000, freeBytes: 10_700_000_000, persisted: false },
    gpu: { shaderF16: false },
  };
  return {
    get: () => view,
    subscribe: () => () => undefined,
    refresh: async () => undefined,
    ensure: async (id) => note('ensure', id),
    pause: (id) => note('pause', id),
    remove: async (id) => note('remove', id),
  };
}
