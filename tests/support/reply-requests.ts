import type { ReplyPart, ReplyRequest } from '../../core/stages/stage.ts';

export function ask(content: string, maxTokens = 64): ReplyRequest {
  return { messages: [{ role: 'user', content }], tools: [], maxTokens };
}

export function textOf(parts: readonly ReplyPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
