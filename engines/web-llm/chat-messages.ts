import type { ChatMessage, ReplyRequest } from '../../core/stages/stage.ts';
import { toolInstructions, writeCalls, writeResults } from './tool-format.ts';
import type { Wording } from './wording.ts';

/** A message as WebLLM takes it; the system message comes first, and user and assistant take turns. */
export interface LibraryMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/**
 * Puts a conversation into WebLLM's form. Tools are told of in the system message; a reply that called tools is written
 * as the model wrote it, and all its results come in one message of the user, since not every template has a role for
 * them.
 */
export function toLibraryMessages(
  { messages, tools }: Pick<ReplyRequest, 'messages' | 'tools'>,
  wording: Wording,
): LibraryMessage[] {
  const system = messages.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  if (tools.length > 0) system.push(toolInstructions(tools));
  const written: LibraryMessage[] = [];
  if (system.length > 0) written.push({ role: 'system', content: system.join('\n\n') });
  return [...written, ...takeTurns(joinSteps(messages, wording))];
}

/**
 * Calls come as pairs of a call and its result, also where one reply made several: those of one reply become that reply
 * and one message with all results.
 */
function joinSteps(messages: readonly ChatMessage[], wording: Wording): LibraryMessage[] {
  const written: LibraryMessage[] = [];
  let results: string[] = [];
  let open: readonly string[] = [];
  const closeResults = (): void => {
    if (results.length > 0) written.push({ role: 'user', content: writeResults(results) });
    results = [];
  };
  for (const message of messages) {
    if (message.role === 'system') continue;
    if (message.role === 'tool') {
      results.push(message.content);
      continue;
    }
    const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
    if (calls.length > 0 && calls.every(({ id }) => open.includes(id))) continue;
    closeResults();
    const reply = calls[0] && wording.ofCall(calls[0].id);
    open = reply?.ids ?? [];
    if (message.role === 'user') written.push({ role: 'user', content: message.content });
    else if (calls.length === 0)
      written.push({ role: 'assistant', content: wording.ofText(message.content) });
    else {
      const content = reply?.raw ?? [message.content, writeCalls(calls)].filter(Boolean).join('\n');
      written.push({ role: 'assistant', content });
    }
  }
  closeResults();
  return written;
}

/** Messages of one role that follow each other become one: templates count on taking turns. */
function takeTurns(messages: readonly LibraryMessage[]): LibraryMessage[] {
  const turns: LibraryMessage[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) turns[turns.length - 1] = { role, content: `${last.content}\n${content}` };
    else turns.push({ role, content });
  }
  return turns;
}
