import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCausalLm } from '../../engines/causal-lm.ts';
import type { EngineConfig } from '../../engines/engine-config.ts';
import { createEspeak } from '../../engines/espeak.ts';
import { createAudioTurnDetector } from '../../engines/turn-audio.ts';
import { createTextTurnDetector } from '../../engines/turn-text.ts';
import { createWhisper } from '../../engines/whisper.ts';
import { combineDetectors } from '../../core/stages/combine-detectors.ts';
import { concatSamples, type Pcm } from '../../core/audio/pcm.ts';
import { readFromDisk, runtimeUrls } from './runtime-files.ts';
import { collect, never } from './stage-contract.ts';

export const modelsFolder = join(import.meta.dirname, '../../public/models');

const models = {
  chat: { name: 'Chat (starter)', engine: 'causal-lm' },
  recogniser: { name: 'Whisper (starter)', engine: 'whisper' },
  'turn-audio': { name: 'Smart Turn (starter)', engine: 'turn-audio' },
  'turn-text': { name: 'DistilBERT (starter)', engine: 'turn-text' },
} as const;

export function starterConfig(model: keyof typeof models, dtype: EngineConfig['dtype'] = 'q8'): EngineConfig {
  const modelId = `starter/${model}`;
  return { ...models[model], modelId, modelsUrl: modelsFolder, device: 'cpu', dtype, runtimeUrl: '' };
}

export const starterChat = () => createCausalLm(starterConfig('chat'));
export const starterRecogniser = () => createWhisper(starterConfig('recogniser'));
export const starterTurnAudio = () => createAudioTurnDetector(starterConfig('turn-audio'));
export const starterTurnText = () => createTextTurnDetector(starterConfig('turn-text'));
export const starterTurnDetector = () => combineDetectors(starterTurnAudio(), starterTurnText());

/** A sentence spoken by the voice that is always there, at its own 22.05 kHz. */
export async function spoken(text: string): Promise<Pcm> {
  const espeak = createEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk });
  await espeak.load(() => {}, never);
  const chunks = await collect(espeak.speak(text, { id: 'en-us', speed: 1 }, never));
  await espeak.dispose();
  return { samples: concatSamples(chunks.map((chunk) => chunk.samples)), rateHz: chunks[0]!.rateHz };
}

/** Runs a test against a copy of a starter model whose files it may spoil. */
export async function withModelCopy(
  model: 'chat' | 'recogniser',
  test: (config: EngineConfig, folder: string) => Promise<void>,
): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'parley-model-'));
  const config = { ...starterConfig(model), modelsUrl: copy };
  const folder = join(copy, config.modelId);
  try {
    await cp(join(modelsFolder, config.modelId), folder, { recursive: true });
    await test(config, folder);
  } finally {
    await rm(copy, { recursive: true });
  }
}
