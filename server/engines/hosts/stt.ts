import type { Hosted } from '../../../boundary/remote-stages.ts';
import type { Recognizer } from '../../../core/stages/stage.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import { createWhisper } from '../../../engines/whisper.ts';
import { hosted } from '../../../workers/hosted.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';

export type SttHost = Hosted<Recognizer, EngineConfig>;

const host = hosted<Recognizer, EngineConfig>(createWhisper, endProcess);

const api: SttHost = {
  ...host.lifeCycle,
  transcribe: (audio, options, signal) =>
    host.stream(signal, (recognizer) => recognizer.transcribe(audio, options, signal)),
};

exposeToParent(api);
