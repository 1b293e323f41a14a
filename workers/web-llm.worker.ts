import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Responder } from '../core/stages/stage.ts';
import { createWebLlm } from '../engines/web-llm.ts';
import type { WebLlmConfig } from '../engines/web-llm/config.ts';
import { createGpuArbiter } from './gpu-arbiter.ts';
import { hosted } from './hosted.ts';

export type WebLlmHost = Hosted<Responder, WebLlmConfig>;

const { letVoiceFirst } = createGpuArbiter();
const host = hosted<Responder, WebLlmConfig>((config) => createWebLlm(config, letVoiceFirst));

const api: WebLlmHost = {
  ...host.lifeCycle,
  prepare: (request, signal) => host.run(signal, (responder) => responder.prepare(request, signal)),
  reply: (request, signal) => host.stream(signal, (responder) => responder.reply(request, signal)),
};

exposeHost(api);
