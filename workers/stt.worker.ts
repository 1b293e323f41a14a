import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { createWhisper } from '../engines/whisper.ts';
import { hosted } from './hosted.ts';

export type SttHost = Hosted<Recognizer, EngineConfig>;

const host = hosted<Recognizer, EngineConfig>(createWhisper);

const api: SttHost = {
  ...host.lifeCycle,
  async *transcribe(audio, options, signal) {
    const recognizer = await host.loaded(signal);
    yield* recognizer.transcribe(audio, options, signal);
  },
};

exposeHost(api);
