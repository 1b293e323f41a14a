import type { ReplyPart, Responder } from '../core/stages/stage.ts';
import { describeEngine } from './engine-config.ts';
import { createLoadable } from './loadable.ts';
import { atOnce } from './pace.ts';
import { produce } from './produce.ts';
import { createTurnstile } from './turnstile.ts';
import type { WebLlmConfig } from './web-llm/config.ts';
import { openChat } from './web-llm/open-chat.ts';
import { prepareReply, writeReply } from './web-llm/write-reply.ts';

/**
 * A chat model in WebLLM's form, in a worker of a page with WebGPU. One reply at a time; an aborted one lets the next
 * begin within a token, or once the library has read the prompt that it was reading.
 * @param pace awaited after each token, so that others get their turn on the graphics chip
 */
export function createWebLlm(config: WebLlmConfig, pace = atOnce): Responder {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) => openChat(config, onProgress, signal));
  return {
    describe: async () => describeEngine({ ...config, device: 'webgpu' }),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    prepare: (request, signal) =>
      turnstile.run(signal, async (running) => {
        const { chat, failure } = loadable.get();
        try {
          await prepareReply(chat, request, running);
        } catch (error) {
          throw await failure(error);
        }
      }),
    reply: (request, signal) =>
      produce<ReplyPart>(signal, (emit, stopped) =>
        turnstile.run(stopped, async (running) => {
          const { chat, failure } = loadable.get();
          try {
            await writeReply(chat, request, emit, running, pace);
          } catch (error) {
            throw await failure(error);
          }
        }),
      ),
  };
}
