import type { Hosted } from '../../../boundary/remote-stages.ts';
import type { Recognizer } from '../../../core/stages/stage.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import { hosted } from '../../../workers/hosted.ts';
import { createRecognizer } from '../../../workers/recognisers.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';

export type SttHost = Hosted<Recognizer, EngineConfig>;

const host = hosted<Recognizer, EngineConfig>(createRecognizer, endProcess);

const api: SttHost = {
  ...host.lifeCycle,
  transcribe: (audio, options, signal) =>
    host.stream(signal, (recognizer) => recognizer.transcribe(audio, options, signal)),
};

exposeToParent(api);
