import { AutoTokenizer, type PreTrainedTokenizer } from '@huggingface/transformers';
import type { ReplyRequest } from '../../core/stages/stage.ts';
import { TOKENIZER_FILES, type ModelOpener } from '../transformers-env.ts';
import type { ChatTokenizer } from './chat-prompt.ts';
import type { KvDecoder } from './kv-decoder.ts';
import { createSampler, type Sampler, type SamplingOptions } from './sampler.ts';

/** Context of a model whose configuration does not say; small enough for every published chat model. */
const DEFAULT_CONTEXT_TOKENS = 2048;

/** The fields of generation_config.json that writing needs. */
export type GenerationSettings = SamplingOptions & { eos_token_id?: number | number[] };

/** The fields of config.json that writing needs; they stand below `text_config` where a model does more than write. */
export interface TextSettings {
  max_position_embeddings?: number;
  eos_token_id?: number | number[];
}

export interface ChatModel {
  decoder: KvDecoder;
  sample: Sampler;
  tokenizer: PreTrainedTokenizer;
  chat: ChatTokenizer;
  contextTokens: number;
  stopIds: ReadonlySet<number>;
  /** Special tokens: none of them reaches the text, except as a marker for the tool-call parser. */
  specialIds: ReadonlySet<number>;
  /** Of a model that hears: puts what stands for the audio of a request into its text. */
  hear?(request: ReplyRequest, signal: AbortSignal): Promise<ReplyRequest>;
}

/** The parts of a chat model that its tokenizer and its settings make. */
export type ChatText = Omit<ChatModel, 'decoder' | 'hear'>;

export async function openChatTokenizer(
  opener: ModelOpener,
): Promise<{ tokenizer: PreTrainedTokenizer; chat: ChatTokenizer }> {
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
  return { tokenizer, chat };
}

export function chatText(
  { tokenizer, chat }: { tokenizer: PreTrainedTokenizer; chat: ChatTokenizer },
  generation: GenerationSettings,
  settings: TextSettings,
): ChatText {
  const stops = [generation.eos_token_id ?? settings.eos_token_id, tokenizer.eos_token_id].flat();
  return {
    sample: createSampler(generation),
    tokenizer,
    chat,
    contextTokens: settings.max_position_embeddings ?? DEFAULT_CONTEXT_TOKENS,
    stopIds: new Set(stops.filter((id) => typeof id === 'number')),
    specialIds: new Set(tokenizer.all_special_ids),
  };
}
