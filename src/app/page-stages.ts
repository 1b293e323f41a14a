import { AppError } from '../../core/errors.ts';
import type { Catalog, CatalogModel } from '../../core/models/catalog.ts';
import { runtimeOf } from '../../core/models/engines.ts';
import { espeakInfo, ruleDetectorInfo, sileroInfo } from '../../core/stages/built-in.ts';
import { createRuleTurnDetector } from '../../core/stages/rule-detector.ts';
import type { Recognizer, Responder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import type { VadClient } from '../audio/speech-source.ts';
import { hasGpuAdapter, variantBytes } from '../placement/device.ts';
import type { Device } from '../placement/device.ts';
import { planModels } from '../placement/plan.ts';
import type { Placement } from '../placement/plan.ts';
import { runtimePaths } from '../runtime-paths.ts';
import type { StageName } from '../state/conversation.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import type { ModelLoader } from './model-loader.ts';
import {
  createRecognizerThread,
  createResponderThread,
  createSynthesizerThread,
  createTurnThread,
  createVadThread,
} from './stages.ts';
import type { Movable, Threaded } from './stages.ts';
import { swappableRecognizer, swappableResponder, swappableTurnDetector } from './swappable.ts';

/** A thread that does not answer for this long hangs: longer than any step of the starter models. */
const PROBE_DEADLINE_MS = 5_000;

export interface PageStagesDeps {
  catalog: Catalog;
  settings: SettingsStore;
  loader: ModelLoader;
}

/** The five stages of the page. Recogniser and language model move when the person chooses another device. */
export interface PageStages {
  vad: Stage & VadClient;
  recognizer: Recognizer;
  responder: Responder;
  synthesizer: Synthesizer;
  /** By its models while they are ready, by rules at any other time. */
  turnDetector: TurnDetector;
  /** Learns whether there is a GPU and places the models; to be awaited before loading. */
  prepare(): Promise<void>;
  /** Looks after threads that may hang: one that does not answer is ended and started again. */
  probe(): void;
}

export function createPageStages({ catalog, settings, loader }: PageStagesDeps): PageStages {
  const models = { stt: findModel(catalog, 'stt'), llm: findModel(catalog, 'llm') };
  let gpu = false;
  const first = plan();
  let recognizer = place('stt', first.stt, createRecognizerThread);
  let responder = place('llm', first.llm, createResponderThread);

  const vad = createVadThread(() => loader.reload('vad'));
  loader.set('vad', {
    stage: vad.stage,
    info: sileroInfo,
    totalBytes: runtimePaths.bytes.silero,
  });
  const synthesizer = createSynthesizerThread(() => loader.reload('tts'));
  loader.set('tts', {
    stage: synthesizer.stage,
    info: espeakInfo,
    totalBytes: runtimePaths.bytes.espeak,
  });
  const rules = createRuleTurnDetector();
  const turn = placeTurnModels();

  function plan(): ReturnType<typeof planModels> {
    const gpuRuntimeBytes = runtimePaths.bytes.gpuRuntime;
    return planModels({ wish: settings.get().device, gpu, models, gpuRuntimeBytes });
  }

  /** Makes the thread of a model where it should run now, and announces it to the loader. */
  function place<S extends Stage>(
    name: 'stt' | 'llm',
    { device, totalBytes }: Placement,
    create: (model: CatalogModel, device: Device, onDeath: () => void) => Movable<S>,
  ): Movable<S> & { device: Device } {
    const model = models[name];
    const moved = create(model, device, () => loader.reload(name));
    const { id } = model;
    loader.set(name, {
      stage: moved.stage,
      info: { model: model.name, id, runtime: runtimeOf(model.engine), device },
      totalBytes,
    });
    return { ...moved, device };
  }

  /** Both models or neither: a catalogue may have none, and then there is nothing to wait for. */
  function placeTurnModels(): Threaded<TurnDetector> | undefined {
    const audio = catalog.models.find(({ stage }) => stage === 'turn-audio');
    const text = catalog.models.find(({ stage }) => stage === 'turn-text');
    if (audio === undefined || text === undefined) {
      loader.set('turn', { stage: rules, info: ruleDetectorInfo, totalBytes: 0 });
      return undefined;
    }
    const thread = createTurnThread({ audio, text }, () => loader.reload('turn'));
    const { id } = audio;
    loader.set('turn', {
      stage: thread.stage,
      info: { model: `${audio.name} and ${text.name}`, id, runtime: runtimeOf(audio.engine), device: 'wasm' },
      totalBytes: variantBytes(audio, 'wasm') + variantBytes(text, 'wasm'),
    });
    return thread;
  }

  function isReady(name: StageName): boolean {
    return loader.status().stages.some(({ stage, state }) => stage === name && state === 'ready');
  }

  /** Where the wish has changed, the old thread ends and a new one takes its place. */
  function replan(): void {
    const { stt, llm } = plan();
    if (stt.device !== recognizer.device) {
      recognizer.terminate();
      recognizer = place('stt', stt, createRecognizerThread);
    }
    if (llm.device !== responder.device) {
      responder.terminate();
      responder = place('llm', llm, createResponderThread);
    }
    loader.resize('stt', stt.totalBytes);
    loader.resize('llm', llm.totalBytes);
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
    turnDetector: swappableTurnDetector(() => (turn !== undefined && isReady('turn') ? turn.stage : rules)),
    prepare: () => prepared,
    probe() {
      const threads = [vad, recognizer, responder, synthesizer, ...(turn === undefined ? [] : [turn])];
      for (const { probe } of threads) void probe(PROBE_DEADLINE_MS);
    },
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
