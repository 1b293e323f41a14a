import { AutoConfig, AutoModelForCausalLM } from '@huggingface/transformers';
import type { Responder } from '../core/stages/stage.ts';
import {
  chatText,
  openChatTokenizer,
  type ChatModel,
  type GenerationSettings,
} from './causal-lm/chat-model.ts';
import { createChatResponder } from './causal-lm/chat-responder.ts';
import { createKvDecoder } from './causal-lm/kv-decoder.ts';
import type { EngineConfig } from './engine-config.ts';
import type { Pace } from './pace.ts';
import type { ModelOpener } from './transformers-env.ts';

/**
 * A chat model of any causal architecture that transformers.js knows, in the page (wasm, WebGPU) and in Node. Replies
 * are greedy unless the model's generation_config.json asks for sampling.
 */
export const createCausalLm = (config: EngineConfig, pace?: Pace): Responder =>
  createChatResponder(config, openCausalLm, pace);

async function openCausalLm(opener: ModelOpener): Promise<ChatModel> {
  const text = await openChatTokenizer(opener);
  const config = await opener.step('config.json', () => AutoConfig.from_pretrained(opener.path));
  const model = await opener.step(opener.onnxFile('model'), () =>
    AutoModelForCausalLM.from_pretrained(opener.path, {
      ...opener.graphOptions('model', config),
      config,
    }),
  );
  const decoder = createKvDecoder(opener.adopt(model));
  opener.onClose(() => decoder.dispose());
  await opener.step('first run', async () => {
    await decoder.next([0, 0], opener.signal);
    await decoder.next([0, 0, 0], opener.signal);
  });
  const { generation_config: generation = {} } = model.configs as { generation_config?: GenerationSettings };
  return { ...chatText(text, generation, config), decoder };
}
