import type { Hosted } from '../../../boundary/remote-stages.ts';
import type { Synthesizer } from '../../../core/stages/stage.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import type { EspeakConfig } from '../../../engines/espeak-runtime.ts';
import { createKokoro } from '../../../engines/kokoro.ts';
import { hosted } from '../../../workers/hosted.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';
import { readFromDisk } from '../runtime-files.ts';

/** The model, and eSpeak NG, which writes its phonemes. */
export interface KokoroConfig {
  model: EngineConfig;
  espeak: Omit<EspeakConfig, 'read'>;
}
export type KokoroHost = Hosted<Synthesizer, KokoroConfig>;

const host = hosted<Synthesizer, KokoroConfig>(
  ({ model, espeak }) => createKokoro(model, { ...espeak, read: readFromDisk }),
  endProcess,
);

const api: KokoroHost = {
  ...host.lifeCycle,
  speak: (text, voice, signal) =>
    host.stream(signal, (synthesizer) => synthesizer.speak(text, voice, signal)),
};

exposeToParent(api);
