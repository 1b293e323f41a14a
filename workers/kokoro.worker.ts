import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Synthesizer } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import type { EspeakConfig } from '../engines/espeak-runtime.ts';
import { createKokoro } from '../engines/kokoro.ts';
import { fetchAsset } from '../engines/read-asset.ts';
import { hosted } from './hosted.ts';

/** The model, and eSpeak NG, which turns text into its phonemes in the same thread. */
export interface KokoroConfig {
  model: EngineConfig;
  espeak: Omit<EspeakConfig, 'read'>;
}

export type KokoroHost = Hosted<Synthesizer, KokoroConfig>;

const host = hosted<Synthesizer, KokoroConfig>(({ model, espeak }) =>
  createKokoro(model, { ...espeak, read: fetchAsset }),
);

const api: KokoroHost = {
  ...host.lifeCycle,
  speak: (text, voice, signal) =>
    host.stream(signal, (synthesizer) => synthesizer.speak(text, voice, signal)),
};

exposeHost(api);
