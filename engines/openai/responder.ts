import { z } from 'zod';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import { writeMessages, writeTools } from '../../core/protocol/chat.ts';
import { parseArguments } from '../../core/protocol/tool-arguments.ts';
import type { ReplyPart, Responder } from '../../core/stages/stage.ts';
import { newCallId } from '../call-id.ts';
import { createToolCallParser } from '../tool-call-parser.ts';
import { readServerEvents } from './server-events.ts';
import { createUpstream } from './upstream.ts';
import type { OpenAiConfig } from './upstream.ts';

const toolCallDelta = z.object({
  /** Some servers leave it out, or give every call the same. */
  index: z.number().nullish(),
  id: z.string().nullish(),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});

const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({ content: z.string().nullish(), tool_calls: z.array(toolCallDelta).nullish() })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  /** In place of choices, where something went wrong after the answer had begun. */
  error: z.unknown().optional(),
});

interface OpenCall {
  index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
}

/** A language model on another server. Reasoning, marked as such, is not said. */
export function createOpenAiResponder(config: OpenAiConfig): Responder {
  const upstream = createUpstream(config);
  return {
    describe: () => Promise.resolve(upstream.describe()),
    load: (_onProgress, signal) => upstream.check(signal),
    dispose: () => Promise.resolve(),
    // Such servers keep their own caches; there is nothing to read ahead without writing.
    prepare: () => Promise.resolve(),
    async *reply({ messages, tools, maxTokens }, signal) {
      const { pieces } = await upstream.post(
        '/chat/completions',
        {
          model: config.model,
          messages: writeMessages(messages),
          ...(tools.length > 0 && { tools: writeTools(tools) }),
          max_tokens: maxTokens,
          stream: true,
        },
        signal,
      );
      for await (const part of readReply(pieces)) {
        throwIfAborted(signal);
        yield part;
      }
    },
  };
}

async function* readReply(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ReplyPart, void, void> {
  const parser = createToolCallParser({ bareJson: false, newId: newCallId });
  const calls: OpenCall[] = [];
  let finished = false;
  for await (const data of readServerEvents(pieces)) {
    if (data === '[DONE]') {
      finished = true;
      break;
    }
    const { choices, error } = readChunk(data);
    if (error !== undefined && error !== null) {
      throw new AppError('engine.failed', 'The language model of the other server failed.', {
        retryable: true,
      });
    }
    const [choice] = choices ?? [];
    finished ||= typeof choice?.finish_reason === 'string';
    for (const delta of choice?.delta?.tool_calls ?? []) addCall(calls, delta);
    if (choice?.delta?.content) yield* parser.push(choice.delta.content);
  }
  if (!finished) {
    throw new AppError('server.unreachable', 'The other server broke off in the middle of its answer.', {
      retryable: true,
    });
  }
  yield* parser.end();
  for (const { id, name, arguments: written } of calls) {
    yield {
      type: 'toolCall',
      call: { id: id ?? newCallId(), name, arguments: parseArguments(written || '{}') },
    };
  }
}

function readChunk(data: string): z.infer<typeof chunk> {
  try {
    return chunk.parse(JSON.parse(data));
  } catch (cause) {
    throw new AppError('engine.failed', 'The other server answered with something that is no chat.', {
      cause,
    });
  }
}

/** A new id or a new index begins a new call, and so does a name where the server gives neither. */
function addCall(calls: OpenCall[], { index, id, function: called }: z.infer<typeof toolCallDelta>): void {
  const last = calls.at(-1);
  const { name, arguments: given } = called ?? {};
  const written = typeof given === 'string' ? given : given ? JSON.stringify(given) : '';
  const numbered = index ?? undefined;
  const otherId = Boolean(id) && last?.id !== undefined && id !== last.id;
  const unmarked = !id && numbered === undefined && Boolean(name);
  if (last === undefined || otherId || numbered !== last.index || unmarked) {
    calls.push({ index: numbered, id: id || undefined, name: name ?? '', arguments: written });
    return;
  }
  // Some servers repeat the name with every piece.
  last.name ||= name ?? '';
  last.id ??= id || undefined;
  last.arguments += written;
}
