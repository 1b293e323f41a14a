/** Loads models in the product's own threads, and hands out what they say. */
import '../../../core/no-eval.ts';
import { remoteRecognizer, remoteResponder } from '../../../boundary/remote-stages.ts';
import { createWorkerBridge } from '../../../boundary/worker-bridge.ts';
import { toAppError, type ErrorCode } from '../../../core/errors.ts';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../../core/audio/pcm.ts';
import type { ChatMessage, Recognizer, UtterancePart } from '../../../core/stages/stage.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import { createRecycledRecognizer, type WearingThread } from '../../../src/app/recycled-recognizer.ts';
import { runtimePaths } from '../../../src/runtime-paths.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';
import type { SpeechLlmHost } from '../../../workers/speech-llm.worker.ts';
import type { SttHost } from '../../../workers/stt.worker.ts';

/** What the page does not know by itself. */
export type FamilyConfig = Omit<EngineConfig, 'modelsUrl' | 'runtimeUrl'>;

/** What came of it: words, or the failure as the person would read it. */
export type Outcome = { text: string } | { code: ErrorCode; message: string };

export interface Heard {
  outcomes: Outcome[];
  gpuGrowthBytes: number;
}

export interface Recycled {
  outcomes: Outcome[];
  /** How many threads there have been. */
  threads: number;
}

export interface FamiliesHarness {
  /** What is recognised in each of these sounds of 16 kHz, one after another. */
  recognise(config: FamilyConfig, sounds: number[][]): Promise<Heard>;
  /** The same, by threads that are replaced when they hold more than `budgetBytes` of GPU memory. */
  recycle(config: FamilyConfig, sounds: number[][], budgetBytes: number): Promise<Recycled>;
  /** The answer to a message, or to a sound where the model hears. */
  reply(config: FamilyConfig, message: string | number[]): Promise<Outcome>;
}

declare global {
  interface Window {
    families: FamiliesHarness;
  }
}

allowOwnWorkers();
const never = new AbortController().signal;

function complete(config: FamilyConfig): EngineConfig {
  const absolute = (path: string): string => new URL(path, location.href).href;
  return { ...config, modelsUrl: absolute('/models/'), runtimeUrl: absolute(runtimePaths.ort) };
}

async function outcome(work: () => Promise<string>): Promise<Outcome> {
  try {
    return { text: await work() };
  } catch (error) {
    const { code, message } = toAppError(error);
    return { code, message };
  }
}

async function* utterance(sound: readonly number[]): AsyncGenerator<UtterancePart> {
  const samples = Float32Array.from(sound);
  for (let start = 0; start < samples.length; start += FRAME_SAMPLES) {
    const frame = samples.slice(start, start + FRAME_SAMPLES);
    yield { type: 'audio', pcm: { samples: frame, rateHz: SPEECH_RATE_HZ } };
  }
}

function startRecognizer(config: FamilyConfig): WearingThread {
  const bridge = createWorkerBridge<SttHost, EngineConfig>({
    name: 'Speech recognition',
    spawn: () => new Worker(new URL('../../../workers/stt.worker.ts', import.meta.url), { type: 'module' }),
    config: complete(config),
  });
  return {
    stage: remoteRecognizer(bridge),
    probe: bridge.probe,
    terminate: bridge.terminate,
    gpuGrowthBytes: () => bridge.call('gpuGrowthBytes'),
  };
}

function hear(recognizer: Recognizer, sound: readonly number[]): Promise<Outcome> {
  return outcome(async () => {
    let text = '';
    await recognizer.load(() => {}, never);
    for await (const part of recognizer.transcribe(utterance(sound), {}, never)) ({ text } = part);
    return text;
  });
}

window.families = {
  async recognise(config, sounds) {
    const thread = startRecognizer(config);
    const outcomes: Outcome[] = [];
    for (const sound of sounds) outcomes.push(await hear(thread.stage, sound));
    const gpuGrowthBytes = await thread.gpuGrowthBytes();
    thread.terminate();
    return { outcomes, gpuGrowthBytes };
  },
  async recycle(config, sounds, budgetBytes) {
    const loads: Promise<void>[] = [];
    const recycled = createRecycledRecognizer({
      start() {
        const thread = startRecognizer(config);
        const ready = Promise.withResolvers<void>();
        loads.push(ready.promise);
        const load: Recognizer['load'] = (onProgress, signal) =>
          thread.stage.load(onProgress, signal).finally(ready.resolve);
        return { ...thread, stage: { ...thread.stage, load } };
      },
      onDeath() {},
      budgetBytes,
    });
    const outcomes: Outcome[] = [];
    for (const sound of sounds) {
      outcomes.push(await hear(recycled.stage, sound));
      await Promise.all(loads);
    }
    recycled.terminate();
    return { outcomes, threads: loads.length };
  },
  async reply(config, message) {
    const hears = typeof message !== 'string';
    const bridge = createWorkerBridge<SpeechLlmHost, EngineConfig>({
      name: 'The language model',
      spawn: () =>
        hears
          ? new Worker(new URL('../../../workers/speech-llm.worker.ts', import.meta.url), { type: 'module' })
          : new Worker(new URL('../../../workers/llm.worker.ts', import.meta.url), { type: 'module' }),
      config: complete(config),
    });
    const responder = remoteResponder(bridge);
    const asked: ChatMessage = hears
      ? { role: 'user', content: '', audio: { samples: Float32Array.from(message), rateHz: SPEECH_RATE_HZ } }
      : { role: 'user', content: message };
    const answered = await outcome(async () => {
      let text = '';
      await responder.load(() => {}, never);
      for await (const part of responder.reply({ messages: [asked], tools: [], maxTokens: 16 }, never))
        text += part.type === 'text' ? part.text : '';
      return text;
    });
    bridge.terminate();
    return answered;
  },
};
