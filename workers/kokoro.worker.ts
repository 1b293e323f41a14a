import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Synthesizer } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import type { EspeakConfig } from '../engines/espeak-runtime.ts';
import { createKokoro } from '../engines/kokoro.ts';
import { fetchAsset } from '../engines/read-asset.ts';
import { createSupertonic } from '../engines/supertonic.ts';
import { createGpuArbiter } from './gpu-arbiter.ts';
import { hosted } from './hosted.ts';

/** A model of Kokoro or Supertonic, and eSpeak NG, which gives Kokoro its phonemes and is what both are tried against. */
export interface KokoroConfig {
  model: EngineConfig;
  espeak: Omit<EspeakConfig, 'read'>;
}

export type KokoroHost = Hosted<Synthesizer, KokoroConfig>;

const { asVoice } = createGpuArbiter();
const host = hosted<Synthesizer, KokoroConfig>(({ model, espeak }) => {
  const create = model.engine === 'supertonic' ? createSupertonic : createKokoro;
  return create(model, { ...espeak, read: fetchAsset }, model.device === 'webgpu' ? asVoice : undefined);
});

const api: KokoroHost = {
  ...host.lifeCycle,
  speak: (text, voice, signal) =>
    host.stream(signal, (synthesizer) => synthesizer.speak(text, voice, signal)),
};

exposeHost(api);
