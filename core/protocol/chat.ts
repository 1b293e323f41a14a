import { z } from 'zod';
import { argumentsText, parseArguments } from './tool-arguments.ts';
import type { ChatMessage, ToolDescription } from '../stages/stage.ts';

/** The part of `/v1/chat/completions` that is spoken here. Sampling parameters are read over: sampling is the model's own. */

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const audioPart = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({ data: z.base64(), format: z.literal('wav', 'send the recording as wav') }),
});
export type AudioPart = z.infer<typeof audioPart>;

const toolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const text = z.union([z.string(), z.array(textPart)]);

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: text }),
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, audioPart]))]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: text.nullish(),
    tool_calls: z.array(toolCall).optional(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: text }),
]);

export const functionName = z.string().regex(/^[\w-]{1,64}$/, 'use letters, digits, _ and - only');

const tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: functionName,
    description: z.string().default(''),
    parameters: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }),
  }),
});

const tokens = z.int().min(1).max(1_000_000);

export const chatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(message).min(1).max(2000),
  stream: z.boolean().nullish(),
  max_tokens: tokens.nullish(),
  max_completion_tokens: tokens.nullish(),
  n: z.literal(1, 'one answer at a time').nullish(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: z.enum(['none', 'auto'], 'choose none or auto').optional(),
  response_format: z.object({ type: z.literal('text', 'answers are text') }).optional(),
  modalities: z.array(z.literal('text', 'answers are text')).nullish(),
  logprobs: z.literal(false, 'probabilities of tokens are not told').nullish(),
  stop: z.null('stop sequences are not known here').optional(),
  functions: z.undefined('use tools').optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;
type WireMessage = ChatRequest['messages'][number];

/**
 * The messages as a language model takes them.
 * @param transcribe writes down what is said in a recording
 */
export async function readMessages(
  messages: readonly WireMessage[],
  transcribe: (part: AudioPart) => Promise<string>,
): Promise<ChatMessage[]> {
  const names = new Map(
    messages.flatMap((each) =>
      each.role === 'assistant'
        ? (each.tool_calls ?? []).map((call) => [call.id, call.function.name] as const)
        : [],
    ),
  );
  const read: ChatMessage[] = [];
  for (const each of messages) read.push(await readMessage(each, names, transcribe));
  return read;
}

async function readMessage(
  wire: WireMessage,
  names: ReadonlyMap<string, string>,
  transcribe: (part: AudioPart) => Promise<string>,
): Promise<ChatMessage> {
  switch (wire.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(wire.content) };
    case 'user': {
      if (typeof wire.content === 'string') return { role: 'user', content: wire.content };
      const pieces: string[] = [];
      for (const part of wire.content) pieces.push(part.type === 'text' ? part.text : await transcribe(part));
      return { role: 'user', content: pieces.join(' ') };
    }
    case 'assistant': {
      const toolCalls = wire.tool_calls?.map(({ id, function: called }) => ({
        id,
        name: called.name,
        arguments: parseArguments(called.arguments),
      }));
      return { role: 'assistant', content: textOf(wire.content ?? ''), ...(toolCalls && { toolCalls }) };
    }
    case 'tool':
      return {
        role: 'tool',
        callId: wire.tool_call_id,
        name: names.get(wire.tool_call_id) ?? '',
        content: textOf(wire.content),
      };
  }
}

/** The reverse, for a server that is asked. */
export function writeMessages(messages: readonly ChatMessage[]): unknown[] {
  return messages.map((each) => {
    if (each.role === 'tool') return { role: 'tool', tool_call_id: each.callId, content: each.content };
    if (each.role !== 'assistant' || !each.toolCalls?.length)
      return { role: each.role, content: each.content };
    return {
      role: 'assistant',
      content: each.content,
      tool_calls: each.toolCalls.map(({ id, name, arguments: args }) => ({
        id,
        type: 'function',
        function: { name, arguments: argumentsText(args) },
      })),
    };
  });
}

export function readTools({ tools = [], tool_choice: choice }: ChatRequest): ToolDescription[] {
  return choice === 'none' ? [] : tools.map(({ function: described }) => described);
}

export function writeTools(tools: readonly ToolDescription[]): unknown[] {
  return tools.map((described) => ({ type: 'function', function: described }));
}

function textOf(content: z.infer<typeof text>): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('');
}
