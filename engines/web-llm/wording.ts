import type { ReplyPart } from '../../core/stages/stage.ts';

/** More replies than any context window of these models holds. */
const MAX_REPLIES = 64;

/** A reply with calls: what the model wrote, and the ids of its calls. */
interface WrittenCalls {
  raw: string;
  ids: readonly string[];
}

/**
 * Remembers replies word for word. The conversation knows them without thoughts, markers and outer spaces, and calls as
 * data; but WebLLM reads a conversation anew unless it begins exactly with what was read and written before.
 */
export interface Wording {
  remember(parts: readonly ReplyPart[], raw: string): void;
  /** What was written where the conversation has `content`; `content` itself where that is not known. */
  ofText(content: string): string;
  /** The reply that made a call. */
  ofCall(id: string): WrittenCalls | undefined;
}

export function createWording(): Wording {
  const texts = new Map<string, string>();
  const calls = new Map<string, WrittenCalls>();

  function keep<T>(replies: Map<string, T>, key: string, value: T): void {
    replies.delete(key);
    replies.set(key, value);
    for (const oldest of replies.keys()) {
      if (replies.size <= MAX_REPLIES) return;
      replies.delete(oldest);
    }
  }

  return {
    remember(parts, raw) {
      const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const ids = parts.flatMap((part) => (part.type === 'toolCall' ? [part.call.id] : []));
      if (ids.length === 0) keep(texts, text.trim(), raw);
      // Text beside a call belongs to the answer that follows the result: the conversation repeats it there.
      else if (text.trim() === '') for (const id of ids) keep(calls, id, { raw, ids });
    },
    ofText: (content) => texts.get(content.trim()) ?? content,
    ofCall: (id) => calls.get(id),
  };
}
