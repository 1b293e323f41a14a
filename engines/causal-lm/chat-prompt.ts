import { fitContext } from '../../core/chat/context.ts';
import type { ChatMessage, ReplyRequest, ToolDescription } from '../../core/stages/stage.ts';
import { promptTooLong } from '../prompt-too-long.ts';

export interface Prompt {
  ids: number[];
  text: string;
  /** Tokens of the reply that fit behind the prompt, at most what was asked for. */
  maxTokens: number;
}

/** The parts of a tokenizer that building a prompt needs. */
export interface ChatTokenizer {
  render(messages: Record<string, unknown>[], tools: Record<string, unknown>[] | undefined): string;
  encode(text: string): number[];
}

/**
 * Writes a request in the model's own chat template and fits it into the context window: the oldest exchanges go first,
 * whole, so that a question never loses its answer and a tool call never loses its result; the system message stays.
 * Half of the window belongs to the reply if it asks for so much.
 * @throws AppError `input.invalid` when even the last exchange alone does not fit.
 */
export function buildPrompt(tokenizer: ChatTokenizer, request: ReplyRequest, contextTokens: number): Prompt {
  const tools = request.tools.length > 0 ? request.tools.map(toTemplateTool) : undefined;
  const write = (messages: readonly ChatMessage[]): { ids: number[]; text: string } => {
    const text = tokenizer.render(messages.map(toTemplateMessage), tools);
    return { text, ids: tokenizer.encode(text) };
  };
  const limit = contextTokens - Math.min(request.maxTokens, Math.floor(contextTokens / 2));
  const countTokens = (messages: readonly ChatMessage[]): number => write(messages).ids.length;
  const written = write(fitContext(request.messages, { countTokens, limit }));
  if (written.ids.length > limit) throw promptTooLong();
  return { ...written, maxTokens: Math.min(request.maxTokens, contextTokens - written.ids.length) };
}

function toTemplateMessage(message: ChatMessage): Record<string, unknown> {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.callId, name: message.name, content: message.content };
  }
  if (message.role !== 'assistant' || !message.toolCalls?.length) {
    return { role: message.role, content: message.content };
  }
  const calls = message.toolCalls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  return { role: 'assistant', content: message.content, tool_calls: calls };
}

function toTemplateTool(tool: ToolDescription): Record<string, unknown> {
  return { type: 'function', function: { ...tool } };
}
