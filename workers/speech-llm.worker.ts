import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { SpeechResponder } from '../core/stages/stage.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { createUltravox } from '../engines/ultravox.ts';
import { createGpuArbiter } from './gpu-arbiter.ts';
import { hosted } from './hosted.ts';

export type SpeechLlmHost = Omit<Hosted<SpeechResponder, EngineConfig>, 'hears'>;

const { letVoiceFirst } = createGpuArbiter();
const host = hosted<SpeechResponder, EngineConfig>((config) => createUltravox(config, letVoiceFirst));

const api: SpeechLlmHost = {
  ...host.lifeCycle,
  prepare: (request, signal) => host.run(signal, (responder) => responder.prepare(request, signal)),
  reply: (request, signal) => host.stream(signal, (responder) => responder.reply(request, signal)),
};

exposeHost(api);
