import {
  remoteRecognizer,
  remoteResponder,
  remoteSynthesizer,
  remoteTurnDetector,
} from '../../boundary/remote-stages.ts';
import type { Recognizer, Responder, Synthesizer } from '../../core/stages/stage.ts';
import type { TurnDetector } from '../../core/stages/turn-detector.ts';
import type { EngineConfig } from '../../engines/engine-config.ts';
import type { TurnConfig, TurnHost } from '../../workers/turn-host.ts';
import type { LocalConfig } from '../config/schema.ts';
import type { KokoroConfig, KokoroHost } from './hosts/kokoro.ts';
import type { LlmHost } from './hosts/llm.ts';
import type { SttHost } from './hosts/stt.ts';
import type { TtsConfig, TtsHost } from './hosts/tts.ts';
import type { VadConfig, VadHost } from './hosts/vad.ts';
import { runtimeUrls } from './runtime-files.ts';
import { createSupervisedBridge } from './supervisor.ts';
import type { EngineStatus } from './supervisor.ts';

/** A stage in a process of its own. */
export interface LocalEngine<S> {
  stage: S;
  status(): EngineStatus;
  terminate(): void;
}

/** Scores frames for voice activity detection, one stream for each listener. */
export type ScoreFrames = (frames: AsyncIterable<Float32Array>, signal: AbortSignal) => AsyncIterable<number>;

/** Longer than the largest model takes to load while nothing else can be answered. */
const watching = { hangMs: 120_000, probeEveryMs: 10_000 };

export function createLocalRecognizer(config: LocalConfig, modelsDir: string): LocalEngine<Recognizer> {
  const bridge = createSupervisedBridge<SttHost, EngineConfig>({
    ...watching,
    name: 'Speech recognition',
    host: new URL('./hosts/stt.ts', import.meta.url),
    config: engineConfig(config, modelsDir),
  });
  return { stage: remoteRecognizer(bridge), status: bridge.status, terminate: bridge.terminate };
}

export function createLocalResponder(config: LocalConfig, modelsDir: string): LocalEngine<Responder> {
  const bridge = createSupervisedBridge<LlmHost, EngineConfig>({
    ...watching,
    name: 'The language model',
    host: new URL('./hosts/llm.ts', import.meta.url),
    config: engineConfig(config, modelsDir),
  });
  return { stage: remoteResponder(bridge), status: bridge.status, terminate: bridge.terminate };
}

export function createLocalEspeak(): LocalEngine<Synthesizer> {
  const bridge = createSupervisedBridge<TtsHost, TtsConfig>({
    ...watching,
    name: 'The voice',
    host: new URL('./hosts/tts.ts', import.meta.url),
    config: { assetUrl: runtimeUrls.espeak },
  });
  return { stage: remoteSynthesizer(bridge), status: bridge.status, terminate: bridge.terminate };
}

export function createLocalKokoro(config: LocalConfig, modelsDir: string): LocalEngine<Synthesizer> {
  const bridge = createSupervisedBridge<KokoroHost, KokoroConfig>({
    ...watching,
    name: 'The voice',
    host: new URL('./hosts/kokoro.ts', import.meta.url),
    config: { model: engineConfig(config, modelsDir), espeak: { assetUrl: runtimeUrls.espeak } },
  });
  return { stage: remoteSynthesizer(bridge), status: bridge.status, terminate: bridge.terminate };
}

export function createLocalTurnDetector(modelsDir: string): LocalEngine<TurnDetector> {
  const starter = (engine: 'turn-audio' | 'turn-text'): EngineConfig =>
    engineConfig({ engine, model: `starter/${engine}`, dtype: 'q8' }, modelsDir);
  const bridge = createSupervisedBridge<TurnHost, TurnConfig>({
    ...watching,
    name: 'Turn-taking',
    host: new URL('./hosts/turn.ts', import.meta.url),
    config: { audio: starter('turn-audio'), text: starter('turn-text') },
  });
  return { stage: remoteTurnDetector(bridge), status: bridge.status, terminate: bridge.terminate };
}

export function createLocalVad(): LocalEngine<ScoreFrames> {
  const bridge = createSupervisedBridge<VadHost, VadConfig>({
    ...watching,
    name: 'Speech detection',
    host: new URL('./hosts/vad.ts', import.meta.url),
    config: { modelUrl: runtimeUrls.silero, runtimeUrl: runtimeUrls.ort },
  });
  return {
    stage: (frames, signal) => bridge.stream('score', frames, signal),
    status: bridge.status,
    terminate: bridge.terminate,
  };
}

function engineConfig(
  { engine, model, dtype }: Pick<LocalConfig, 'model' | 'dtype'> & { engine: string },
  modelsDir: string,
): EngineConfig {
  return {
    engine: engine as EngineConfig['engine'],
    modelId: model,
    name: model,
    modelsUrl: modelsDir,
    device: 'cpu',
    dtype,
    runtimeUrl: '',
  };
}
