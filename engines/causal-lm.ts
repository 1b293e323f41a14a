import {
  AutoConfig,
  AutoModelForCausalLM,
  AutoTokenizer,
  type PreTrainedTokenizer,
} from '@huggingface/transformers';
import { throwIfAborted } from '../core/errors.ts';
import type { ReplyPart, ReplyRequest, Responder } from '../core/stages/stage.ts';
import { newCallId } from './call-id.ts';
import { buildPrompt, type ChatTokenizer } from './causal-lm/chat-prompt.ts';
import { createKvDecoder, type KvDecoder } from './causal-lm/kv-decoder.ts';
import { createSampler, type Sampler, type SamplingOptions } from './causal-lm/sampler.ts';
import { createTextStream } from './causal-lm/text-stream.ts';
import { describeEngine, type EngineConfig } from './engine-config.ts';
import { createLoadable } from './loadable.ts';
import { produce } from './produce.ts';
import { createToolCallParser } from './tool-call-parser.ts';
import { openModel, TOKENIZER_FILES, type ModelOpener } from './transformers-env.ts';
import { createTurnstile } from './turnstile.ts';

/** Context of a model whose configuration does not say; small enough for every published chat model. */
const DEFAULT_CONTEXT_TOKENS = 2048;
/** Tokens that are markers of a tool call or of reasoning, special or not in a given tokenizer. */
const MARKERS = new Set(['<tool_call>', '</tool_call>', '<think>', '</think>']);

type GenerationSettings = SamplingOptions & { eos_token_id?: number | number[] };

interface ChatModel {
  decoder: KvDecoder;
  sample: Sampler;
  tokenizer: PreTrainedTokenizer;
  chat: ChatTokenizer;
  contextTokens: number;
  stopIds: ReadonlySet<number>;
  /** Special tokens: none of them reaches the text, except as a marker for the tool-call parser. */
  specialIds: ReadonlySet<number>;
}

/**
 * A chat model of any causal architecture that transformers.js knows, in the page (wasm, WebGPU) and in Node. Replies
 * are greedy unless the model's generation_config.json asks for sampling. The prompt's beginning that a model has read
 * before is not read again. One reply at a time; an aborted one lets the next begin within a token.
 */
export function createCausalLm(config: EngineConfig): Responder {
  const turnstile = createTurnstile();
  const loadable = createLoadable(config.name, (onProgress, signal) =>
    openModel(config, onProgress, signal, openChatModel),
  );
  return {
    describe: async () => describeEngine(config),
    load: loadable.load,
    dispose: () => turnstile.clear(loadable.dispose),
    prepare: (request, signal) =>
      turnstile.run(signal, async (running) => {
        const { model, failure } = loadable.get();
        try {
          await model.decoder.next(buildPrompt(model.chat, request, model.contextTokens).ids, running);
        } catch (error) {
          throw failure(error);
        }
      }),
    reply: (request, signal) =>
      produce<ReplyPart>(signal, (emit, stopped) =>
        turnstile.run(stopped, async (running) => {
          const { model, failure } = loadable.get();
          try {
            await generate(model, request, emit, running);
          } catch (error) {
            throw failure(error);
          }
        }),
      ),
  };
}

async function generate(
  model: ChatModel,
  request: ReplyRequest,
  emit: (part: ReplyPart) => void,
  signal: AbortSignal,
): Promise<void> {
  const prompt = buildPrompt(model.chat, request, model.contextTokens);
  const parser = createToolCallParser({ bareJson: request.tools.length > 0, newId: newCallId });
  const text = createTextStream((ids) =>
    model.tokenizer.decode(ids, { clean_up_tokenization_spaces: false }),
  );
  const say = (piece: string): void => parser.push(piece).forEach(emit);
  if (prompt.text.trimEnd().endsWith('<think>')) say('<think>');

  const ids = [...prompt.ids];
  for (let count = 0; count < prompt.maxTokens; count++) {
    const logits = await model.decoder.next(ids, signal);
    throwIfAborted(signal);
    const id = model.sample(logits, ids);
    if (model.stopIds.has(id)) break;
    ids.push(id);
    if (!model.specialIds.has(id)) say(text.push(id));
    else say(text.flush() + markerOf(model.tokenizer, id));
  }
  say(text.flush());
  parser.end().forEach(emit);
}

function markerOf(tokenizer: PreTrainedTokenizer, id: number): string {
  const content = tokenizer.decode([id], { skip_special_tokens: false });
  return MARKERS.has(content) ? content : '';
}

async function openChatModel(opener: ModelOpener): Promise<ChatModel> {
  const tokenizer = await opener.step(TOKENIZER_FILES, () => AutoTokenizer.from_pretrained(opener.path));
  const chat: ChatTokenizer = {
    render: (messages, tools) =>
      tokenizer.apply_chat_template(messages as never, {
        ...(tools && { tools }),
        add_generation_prompt: true,
        tokenize: false,
      }),
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
  };
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

  const generation = (model.configs as { generation_config?: GenerationSettings }).generation_config ?? {};
  const settings = config as { max_position_embeddings?: number; eos_token_id?: number | number[] };
  const stops = [generation.eos_token_id ?? settings.eos_token_id, tokenizer.eos_token_id].flat();
  return {
    decoder,
    sample: createSampler(generation),
    tokenizer,
    chat,
    contextTokens: settings.max_position_embeddings ?? DEFAULT_CONTEXT_TOKENS,
    stopIds: new Set(stops.filter((id) => typeof id === 'number')),
    specialIds: new Set(tokenizer.all_special_ids),
  };
}
