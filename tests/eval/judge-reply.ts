import type { ChatMessage, Responder, ToolCall } from '../../core/stages/stage.ts';
import { everydayTools } from '../../core/tools/everyday-tools.ts';

/** One entry of tools/starter-models/heldout.json. */
export interface Paraphrase {
  messages: { role: 'user' | 'assistant' | 'tool'; content: string }[];
  intent: string;
  tool: { name: string; arguments: Record<string, unknown> } | null;
  /** Strings that a right reply holds. */
  contains: string[];
}

export interface Reply {
  text: string;
  calls: ToolCall[];
}

/** Asks the model, greedily, with the tools of every conversation. */
export async function ask(responder: Responder, { messages }: Paraphrase): Promise<Reply> {
  const tools = everydayTools.map((tool) => tool.description);
  const reply: Reply = { text: '', calls: [] };
  const request = { messages: toChat(messages), tools, maxTokens: 128 };
  for await (const part of responder.reply(request, new AbortController().signal)) {
    if (part.type === 'text') reply.text += part.text;
    else reply.calls.push(part.call);
  }
  return reply;
}

/** Whether the call names a tool and its arguments fit. */
export function isValidCall(call: ToolCall): boolean {
  const tool = everydayTools.find(({ description }) => description.name === call.name);
  if (tool === undefined || typeof call.arguments !== 'object' || call.arguments === null) return false;
  const known = Object.keys((tool.description.parameters['properties'] as object | undefined) ?? {});
  return Object.keys(call.arguments).every((name) => known.includes(name));
}

/** The rule written in heldout.json. */
export function isRight(
  { text, calls }: Reply,
  expected: Paraphrase,
  intents: Record<string, string[]>,
): boolean {
  if (expected.tool !== null) {
    const [call] = calls;
    return calls.length === 1 && text.trim() === '' && canonical(call) === canonical(expected.tool);
  }
  const forms = intents[expected.intent] ?? [];
  const fits = forms.some((form) => new RegExp(form).test(text.trim()));
  return calls.length === 0 && fits && expected.contains.every((part) => text.includes(part));
}

/** Name and arguments in one string; spaces in an expression do not matter. */
function canonical(call: { name: string; arguments: unknown } | undefined): string {
  if (call === undefined) return '';
  const entries = Object.entries((call.arguments ?? {}) as Record<string, unknown>);
  const plain = entries.map(([name, value]) => `${name}=${String(value).replaceAll(' ', '')}`);
  return `${call.name}(${plain.toSorted().join(',')})`;
}

/** The training data writes calls as text; the conversation keeps them apart. */
function toChat(messages: Paraphrase['messages']): ChatMessage[] {
  let lastCall: ToolCall | undefined;
  return messages.map(({ role, content }): ChatMessage => {
    if (role === 'tool') return { role, callId: lastCall?.id ?? '', name: lastCall?.name ?? '', content };
    const written = /^<tool_call>\s*(\{.*\})\s*<\/tool_call>$/s.exec(content.trim());
    if (role === 'user' || written === null) return { role, content };
    const call = JSON.parse(written[1] ?? '{}') as { name: string; arguments: unknown };
    lastCall = { id: `call-${call.name}`, ...call };
    return { role, content: '', toolCalls: [lastCall] };
  });
}
