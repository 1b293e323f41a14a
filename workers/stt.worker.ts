import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { hosted } from './hosted.ts';
import { createRecognizer } from './recognisers.ts';

export type SttHost = Hosted<Recognizer, EngineConfig>;

const host = hosted<Recognizer, EngineConfig>(createRecognizer);

const api: SttHost = {
  ...host.lifeCycle,
  transcribe: (audio, options, signal) =>
    host.stream(signal, (recognizer) => recognizer.transcribe(audio, options, signal)),
};

exposeHost(api);
