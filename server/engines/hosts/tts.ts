import type { Hosted } from '../../../boundary/remote-stages.ts';
import type { Synthesizer } from '../../../core/stages/stage.ts';
import type { EspeakConfig } from '../../../engines/espeak-runtime.ts';
import { createEspeak } from '../../../engines/espeak.ts';
import { hosted } from '../../../workers/hosted.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';
import { readFromDisk } from '../runtime-files.ts';

export type TtsConfig = Omit<EspeakConfig, 'read'>;
export type TtsHost = Hosted<Synthesizer, TtsConfig>;

const host = hosted<Synthesizer, TtsConfig>(
  (config) => createEspeak({ ...config, read: readFromDisk }),
  endProcess,
);

const api: TtsHost = {
  ...host.lifeCycle,
  speak: (text, voice, signal) =>
    host.stream(signal, (synthesizer) => synthesizer.speak(text, voice, signal)),
};

exposeToParent(api);
