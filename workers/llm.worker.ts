import { exposeHost } from '../boundary/host.ts';
import type { Hosted } from '../boundary/remote-stages.ts';
import type { Responder } from '../core/stages/stage.ts';
import { createCausalLm } from '../engines/causal-lm.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { createGpuArbiter } from './gpu-arbiter.ts';
import { hosted } from './hosted.ts';

export type LlmHost = Hosted<Responder, EngineConfig>;

const { letVoiceFirst } = createGpuArbiter();
const host = hosted<Responder, EngineConfig>((config) =>
  createCausalLm(config, config.device === 'webgpu' ? letVoiceFirst : undefined),
);

const api: LlmHost = {
  ...host.lifeCycle,
  prepare: (request, signal) => host.run(signal, (responder) => responder.prepare(request, signal)),
  reply: (request, signal) => host.stream(signal, (responder) => responder.reply(request, signal)),
};

exposeHost(api);
