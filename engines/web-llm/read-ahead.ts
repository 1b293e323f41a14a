import { throwIfAborted } from '../../core/errors.ts';
import type { LibraryMessage } from './chat-messages.ts';
import type { Pipeline } from './pipeline.ts';

/** Tokens read in one go, so that reading can be given up: about the work of a few generated tokens. */
const CHUNK_TOKENS = 256;

/**
 * Reads a conversation up to an answer of the assistant, as WebLLM itself reads it together with the message that
 * follows: the same parts, each turned into the same tokens. WebLLM then finds its own conversation and goes on from it.
 * @returns false where it does not fit; WebLLM then starts anew, as it does when reading is given up
 * @throws AppError `aborted`
 */
export async function readAhead(
  pipeline: Pipeline,
  messages: readonly LibraryMessage[],
  contextTokens: number,
  signal: AbortSignal,
): Promise<boolean> {
  pipeline.resetChat();
  try {
    const ids = writePrompt(pipeline, messages);
    for (let start = 0; start < ids.length && ids.length < contextTokens; start += CHUNK_TOKENS) {
      throwIfAborted(signal);
      const logits = await pipeline.forwardKnownTokens(ids.slice(start, start + CHUNK_TOKENS), true);
      logits?.dispose();
      await pipeline.sync();
    }
    if (pipeline.filledKVCacheLength === ids.length) pipeline.finishReason = 'stop';
  } finally {
    // What was read in part must not pass for the whole.
    if (pipeline.finishReason === undefined) pipeline.resetChat();
  }
  return pipeline.finishReason !== undefined;
}

/** Makes it WebLLM's own conversation. */
function writePrompt({ conversation, tokenizer }: Pipeline, messages: readonly LibraryMessage[]): number[] {
  for (const { role, content } of messages) {
    if (role === 'system') conversation.override_system_message = content;
    else conversation.appendMessage(role, content);
  }
  const ids = [...(conversation.config.system_prefix_token_ids ?? [])];
  for (const part of conversation.getPromptArray()) ids.push(...tokenizer.encode(part));
  return ids;
}
