import { AppError } from '../../core/errors.ts';
import type { Catalog, CatalogModel } from '../../core/models/catalog.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { VadClient } from '../audio/speech-source.ts';
import { chooseDevice, hasGpuAdapter } from '../placement/device.ts';
import type { Device } from '../placement/device.ts';
import { runtimePaths } from '../runtime-paths.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import type { ModelLoader } from './model-loader.ts';
import {
  createRecognizerThread,
  createResponderThread,
  createSynthesizerThread,
  createVadThread,
} from './stages.ts';
import type { Threaded } from './stages.ts';
import { swappableRecognizer, swappableResponder } from './swappable.ts';

export interface PageStagesDeps {
  catalog: Catalog;
  settings: SettingsStore;
  loader: ModelLoader;
}

/** The four stages of the page. Recogniser and language model move when the person chooses another device. */
export interface PageStages {
  vad: Stage & VadClient;
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
  /** Learns whether there is a GPU and places the models; to be awaited before loading. */
  prepare(): Promise<void>;
}

export function createPageStages({ catalog, settings, loader }: PageStagesDeps): PageStages {
  const sttModel = findModel(catalog, 'stt');
  const llmModel = findModel(catalog, 'llm');
  let gpu = false;
  let recognizer = place('stt', sttModel, createRecognizerThread);
  let responder = place('llm', llmModel, createResponderThread);

  const vad = createVadThread(() => loader.reload('vad'));
  loader.set('vad', {
    stage: vad.stage,
    info: { model: 'Silero VAD', id: 'silero', runtime: 'onnxruntime-web', device: 'wasm' },
    totalBytes: runtimePaths.bytes.silero,
  });
  const synthesizer = createSynthesizerThread(() => loader.reload('tts'));
  loader.set('tts', {
    stage: synthesizer.stage,
    info: { model: 'eSpeak NG', id: 'espeak-ng', runtime: 'eSpeak NG', device: 'wasm' },
    totalBytes: runtimePaths.bytes.espeak,
  });

  /** Makes the thread of a model on the device it should have now, and announces it to the loader. */
  function place<S extends Stage>(
    name: 'stt' | 'llm',
    model: CatalogModel,
    create: (model: CatalogModel, device: Device, onDeath: () => void) => Threaded<S>,
  ): Threaded<S> & { device: Device } {
    const device = chooseDevice(settings.get().device, model, gpu);
    const threaded = create(model, device, () => loader.reload(name));
    const { id, runtime } = model;
    const modelBytes = model.variants[device].files.reduce((sum, { bytes }) => sum + bytes, 0);
    loader.set(name, {
      stage: threaded.stage,
      info: { model: model.name, id, runtime, device },
      totalBytes: modelBytes,
    });
    return { ...threaded, device };
  }

  /** Where the wish has changed, the old thread ends and a new one takes its place. */
  function replan(): void {
    const wish = settings.get().device;
    if (chooseDevice(wish, sttModel, gpu) !== recognizer.device) {
      recognizer.terminate();
      recognizer = place('stt', sttModel, createRecognizerThread);
    }
    if (chooseDevice(wish, llmModel, gpu) !== responder.device) {
      responder.terminate();
      responder = place('llm', llmModel, createResponderThread);
    }
  }

  const prepared = hasGpuAdapter().then((found) => {
    gpu = found;
    replan();
  });
  settings.subscribe(replan);

  return {
    vad: vad.stage,
    recognizer: swappableRecognizer(() => recognizer.stage),
    responder: swappableResponder(() => responder.stage),
    synthesizer: synthesizer.stage,
    prepare: () => prepared,
  };
}

function findModel(catalog: Catalog, stage: CatalogModel['stage']): CatalogModel {
  const model = catalog.models.find((each) => each.stage === stage);
  if (model !== undefined) return model;
  throw new AppError(
    'model.missing',
    `The catalogue names no model for ${stage}. Restore public/models/catalog.json.`,
  );
}
