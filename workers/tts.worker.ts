import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Synthesizer } from '../core/stages/stage.ts';
import { createEspeak } from '../engines/espeak.ts';
import type { EspeakConfig } from '../engines/espeak-runtime.ts';
import { fetchAsset } from '../engines/read-asset.ts';
import { hosted } from './hosted.ts';

export type TtsConfig = Omit<EspeakConfig, 'read'>;
export type TtsHost = Hosted<Synthesizer, TtsConfig>;

const host = hosted<Synthesizer, TtsConfig>((config) => createEspeak({ ...config, read: fetchAsset }));

const api: TtsHost = {
  ...host.lifeCycle,
  speak: (text, voice, signal) =>
    host.stream(signal, (synthesizer) => synthesizer.speak(text, voice, signal)),
};

exposeHost(api);
