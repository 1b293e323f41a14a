import type { Hosted } from '../../../boundary/remote-stages.ts';
import type { Responder } from '../../../core/stages/stage.ts';
import { createCausalLm } from '../../../engines/causal-lm.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';
import { hosted } from '../../../workers/hosted.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';

export type LlmHost = Hosted<Responder, EngineConfig>;

const host = hosted<Responder, EngineConfig>(createCausalLm, endProcess);

const api: LlmHost = {
  ...host.lifeCycle,
  prepare: (request, signal) => host.run(signal, (responder) => responder.prepare(request, signal)),
  reply: (request, signal) => host.stream(signal, (responder) => responder.reply(request, signal)),
};

exposeToParent(api);
