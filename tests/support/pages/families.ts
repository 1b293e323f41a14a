/** Loads models in the product's own threads, and hands out what they say. */
import '../../../src/no-eval.ts';
import { remoteRecognizer, remoteResponder } from '../../../boundary/remote-stages.ts';
import { createWorkerBridge } from '../../../boundary/worker-bridge.ts';
import { toAppError, type ErrorCode } from '../../../core/errors.ts';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../../core/audio/pcm.ts';
import type { UtterancePart } from '../../../core/stages/stage.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import { runtimePaths } from '../../../src/runtime-paths.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';
import type { LlmHost } from '../../../workers/llm.worker.ts';
import type { SttHost } from '../../../workers/stt.worker.ts';

/** What the page does not know by itself. */
export type FamilyConfig = Omit<EngineConfig, 'modelsUrl' | 'runtimeUrl'>;

/** What came of it: words, or the failure as the person would read it. */
export type Outcome = { text: string } | { code: ErrorCode; message: string };

export interface FamiliesHarness {
  /** What is recognised in each of these sounds of 16 kHz, one after another. */
  recognise(config: FamilyConfig, sounds: number[][]): Promise<Outcome[]>;
  reply(config: FamilyConfig, words: string): Promise<Outcome>;
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

window.families = {
  async recognise(config, sounds) {
    const bridge = createWorkerBridge<SttHost, EngineConfig>({
      name: 'Speech recognition',
      spawn: () => new Worker(new URL('../../../workers/stt.worker.ts', import.meta.url), { type: 'module' }),
      config: complete(config),
    });
    const recognizer = remoteRecognizer(bridge);
    const outcomes: Outcome[] = [];
    for (const sound of sounds) {
      const heard = await outcome(async () => {
        let text = '';
        await recognizer.load(() => {}, never);
        for await (const part of recognizer.transcribe(utterance(sound), {}, never)) ({ text } = part);
        return text;
      });
      outcomes.push(heard);
    }
    bridge.terminate();
    return outcomes;
  },
  async reply(config, words) {
    const bridge = createWorkerBridge<LlmHost, EngineConfig>({
      name: 'The language model',
      spawn: () => new Worker(new URL('../../../workers/llm.worker.ts', import.meta.url), { type: 'module' }),
      config: complete(config),
    });
    const responder = remoteResponder(bridge);
    const answered = await outcome(async () => {
      let text = '';
      const messages = [{ role: 'user' as const, content: words }];
      await responder.load(() => {}, never);
      for await (const part of responder.reply({ messages, tools: [], maxTokens: 16 }, never))
        text += part.type === 'text' ? part.text : '';
      return text;
    });
    bridge.terminate();
    return answered;
  },
};
