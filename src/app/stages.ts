import {
  remoteRecognizer,
  remoteResponder,
  remoteSpeechResponder,
  remoteSynthesizer,
  remoteTurnDetector,
} from '../../boundary/remote-stages.ts';
import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import { AppError } from '../../core/errors.ts';
import type { Part } from '../../core/placement/plan.ts';
import type { Running } from '../../core/stages/first-that-works.ts';
import type { Recognizer, Responder, SpeechResponder, Stage, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import type { EngineConfig } from '../../engines/engine-config.ts';
import type { WebLlmConfig } from '../../engines/web-llm/config.ts';
import type { KokoroConfig, KokoroHost } from '../../workers/kokoro.worker.ts';
import type { LlmHost } from '../../workers/llm.worker.ts';
import type { SpeechLlmHost } from '../../workers/speech-llm.worker.ts';
import type { SttHost } from '../../workers/stt.worker.ts';
import type { TtsConfig, TtsHost } from '../../workers/tts.worker.ts';
import type { TurnConfig, TurnHost } from '../../workers/turn-host.ts';
import type { VadConfig, VadHost } from '../../workers/vad-host.ts';
import type { WebLlmHost } from '../../workers/web-llm.worker.ts';
import type { VadClient } from '../audio/speech-source.ts';
import { runtimePaths } from '../runtime-paths.ts';
import { createRecycledRecognizer, type WearingThread } from './recycled-recognizer.ts';
import { remoteVad } from './remote-vad.ts';

/** Called when the thread of a stage died by itself; its next call starts another. */
type OnDeath = (error: AppError) => void;

/** A stage in a thread of its own. */
export interface Threaded<S> {
  stage: S;
  /** Ends the thread as dead unless it answers within `deadlineMs`. */
  probe(deadlineMs: number): Promise<void>;
}

/**
 * GPU memory that recognition may gather before its thread is replaced. Parley's own way of running Whisper gathers none
 * (tests/e2e/families.spec.ts); the library's was reported to gather 650 MB in half a minute of audio
 * (transformers.js#1739). This is far above the first and well below the second.
 */
const RECOGNIZER_GPU_GROWTH_BYTES = 256 * 2 ** 20;

export function createRecognizerThread(part: Part, onDeath: OnDeath): Running<Recognizer> {
  const start = (onThreadDeath: OnDeath): WearingThread => {
    const bridge = createWorkerBridge<SttHost, EngineConfig>({
      name: 'Speech recognition',
      spawn: () =>
        new Worker(new URL('../../workers/stt.worker.ts', import.meta.url), { type: 'module', name: 'stt' }),
      config: engineConfig(part),
      onDeath: onThreadDeath,
    });
    return {
      stage: remoteRecognizer(bridge),
      probe: bridge.probe,
      terminate: bridge.terminate,
      gpuGrowthBytes: () => bridge.call('gpuGrowthBytes'),
    };
  };
  if (part.variant.device !== 'webgpu') return start(onDeath);
  return createRecycledRecognizer({ start, onDeath, budgetBytes: RECOGNIZER_GPU_GROWTH_BYTES });
}

export function createResponderThread(part: Part, onDeath: OnDeath): Running<Responder> {
  const bridge = createWorkerBridge<LlmHost, EngineConfig>({
    name: 'The language model',
    spawn: () =>
      new Worker(new URL('../../workers/llm.worker.ts', import.meta.url), { type: 'module', name: 'llm' }),
    config: engineConfig(part),
    onDeath,
  });
  return { stage: remoteResponder(bridge), probe: bridge.probe, terminate: bridge.terminate };
}

/** A model that hears and answers: the recogniser beside it only shows what was said. */
export function createSpeechLlmThread(part: Part, onDeath: OnDeath): Running<SpeechResponder> {
  const bridge = createWorkerBridge<SpeechLlmHost, EngineConfig>({
    name: 'The language model',
    spawn: () =>
      new Worker(new URL('../../workers/speech-llm.worker.ts', import.meta.url), {
        type: 'module',
        name: 'speech-llm',
      }),
    config: engineConfig(part),
    onDeath,
  });
  return { stage: remoteSpeechResponder(bridge), probe: bridge.probe, terminate: bridge.terminate };
}

/** WebLLM needs the program compiled for the model beside its files. */
export function createWebLlmThread({ model, variant }: Part, onDeath: OnDeath): Running<Responder> {
  const { library, files, needs } = variant;
  if (library === undefined || library.file.sha256 === null)
    throw new AppError('model.missing', `${model.name} has no program for WebLLM. Pull it again.`);
  const bridge = createWorkerBridge<WebLlmHost, WebLlmConfig>({
    name: 'The language model',
    spawn: () =>
      new Worker(new URL('../../workers/web-llm.worker.ts', import.meta.url), {
        type: 'module',
        name: 'web-llm',
      }),
    config: {
      engine: 'web-llm',
      modelId: model.id,
      name: model.name,
      modelsUrl: absolute('/models/'),
      files: files ?? [],
      library: { repository: library.repository, ...library.file },
      shaderF16: needs.shaderF16,
    },
    onDeath,
  });
  return { stage: remoteResponder(bridge), probe: bridge.probe, terminate: bridge.terminate };
}

/** eSpeak NG, which needs no model. */
export function createSynthesizerThread(onDeath: OnDeath): Running<Synthesizer> {
  const bridge = createWorkerBridge<TtsHost, TtsConfig>({
    name: 'The voice',
    spawn: () =>
      new Worker(new URL('../../workers/tts.worker.ts', import.meta.url), { type: 'module', name: 'tts' }),
    config: { assetUrl: absolute(runtimePaths.espeak) },
    onDeath,
  });
  return { stage: remoteSynthesizer(bridge), probe: bridge.probe, terminate: bridge.terminate };
}

/**
 * Kokoro or Supertonic, with an eSpeak NG of its own. Loading fails with `gpu.unavailable` where it sounds wrong on the
 * GPU: the message is for the person, and on wasm the same model speaks.
 */
export function createKokoroThread(part: Part, onDeath: OnDeath): Running<Synthesizer> {
  const bridge = createWorkerBridge<KokoroHost, KokoroConfig>({
    name: 'The voice',
    spawn: () =>
      new Worker(new URL('../../workers/kokoro.worker.ts', import.meta.url), {
        type: 'module',
        name: 'kokoro',
      }),
    config: { model: engineConfig(part), espeak: { assetUrl: absolute(runtimePaths.espeak) } },
    onDeath,
  });
  return { stage: remoteSynthesizer(bridge), probe: bridge.probe, terminate: bridge.terminate };
}

export function createVadThread(onDeath: OnDeath): Threaded<Stage & VadClient> {
  const bridge = createWorkerBridge<VadHost, VadConfig>({
    name: 'Speech detection',
    spawn: () =>
      new Worker(new URL('../../workers/vad.worker.ts', import.meta.url), { type: 'module', name: 'vad' }),
    config: { modelUrl: absolute(runtimePaths.silero), runtimeUrl: absolute(runtimePaths.ort) },
    onDeath,
  });
  return { stage: remoteVad(bridge), probe: bridge.probe };
}

/** Both models in one thread, on one core: each takes a few milliseconds, and other stages work meanwhile. */
export function createTurnThread(
  { audio, text }: { audio: Part; text: Part },
  onDeath: OnDeath,
): Threaded<TurnDetector> {
  const bridge = createWorkerBridge<TurnHost, TurnConfig>({
    name: 'Turn-taking',
    spawn: () =>
      new Worker(new URL('../../workers/turn.worker.ts', import.meta.url), { type: 'module', name: 'turn' }),
    config: {
      audio: { ...engineConfig(audio), threads: 1 },
      text: { ...engineConfig(text), threads: 1 },
    },
    onDeath,
  });
  return { stage: remoteTurnDetector(bridge), probe: bridge.probe };
}

function engineConfig({ model, variant }: Part): EngineConfig {
  return {
    engine: model.engine,
    modelId: model.id,
    name: model.name,
    modelsUrl: absolute('/models/'),
    device: variant.device,
    // An engine reads the types that its own variants in the catalogue have.
    dtype: variant.dtype as EngineConfig['dtype'],
    files: variant.files ?? [],
    runtimeUrl: absolute(runtimePaths.ort),
  };
}

function absolute(path: string): string {
  return new URL(path, location.href).href;
}
