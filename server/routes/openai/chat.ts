import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { decodeWav } from '../../../core/audio/wav.ts';
import { chatRequest, readMessages, readTools } from '../../../core/protocol/chat.ts';
import type { AudioPart } from '../../../core/protocol/chat.ts';
import { argumentsText } from '../../../core/protocol/tool-arguments.ts';
import type { ReplyPart } from '../../../core/stages/stage.ts';
import { textOfRecording } from '../../audio/transcribe.ts';
import { callSignal } from '../../http/call-signal.ts';
import { sendEvents } from '../../http/server-events.ts';
import { assertModel } from './deps.ts';
import type { OpenAiDeps } from './deps.ts';

const DEFAULT_MAX_TOKENS = 1024;

/** POST /v1/chat/completions; recordings among the messages are written down first. */
export function chatRoute(app: FastifyInstance, { engines, limits }: OpenAiDeps): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      '/chat/completions',
      { schema: { body: chatRequest }, bodyLimit: limits.bodyMb * 1e6 },
      async (request, reply) => {
        const { body } = request;
        assertModel(body.model, engines.models.llm);
        const signal = callSignal(reply);
        const stages = engines.for(request.owner);
        const transcribe = ({ input_audio: { data } }: AudioPart): Promise<string> =>
          textOfRecording(
            stages,
            decodeWav(Buffer.from(data, 'base64'), limits.audioSeconds),
            undefined,
            signal,
          );
        const parts = stages.responder.reply(
          {
            messages: await readMessages(body.messages, transcribe),
            tools: readTools(body),
            maxTokens: body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_MAX_TOKENS,
          },
          signal,
        );
        const about = {
          id: `chatcmpl-${randomUUID()}`,
          created: Math.floor(Date.now() / 1000),
          model: engines.models.llm,
        };
        return body.stream === true
          ? sendEvents(reply, chunksOf(parts, about), '[DONE]')
          : completionOf(parts, about);
      },
    );
}

interface About {
  id: string;
  created: number;
  model: string;
}

function toCall({ call: { id, name, arguments: args } }: ReplyPart & { type: 'toolCall' }) {
  return { id, type: 'function' as const, function: { name, arguments: argumentsText(args) } };
}

async function completionOf(parts: AsyncIterable<ReplyPart>, about: About): Promise<object> {
  let content = '';
  const calls: ReturnType<typeof toCall>[] = [];
  for await (const part of parts) {
    if (part.type === 'text') content += part.text;
    else calls.push(toCall(part));
  }
  const called = calls.length > 0;
  const message = {
    role: 'assistant',
    content: called && content === '' ? null : content,
    refusal: null,
    ...(called && { tool_calls: calls }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: called ? 'tool_calls' : 'stop' };
  return { ...about, object: 'chat.completion', choices: [choice] };
}

async function* chunksOf(parts: AsyncIterable<ReplyPart>, about: About): AsyncGenerator<object> {
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...about,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  let calls = 0;
  let begun = false;
  for await (const part of parts) {
    if (!begun) yield chunk({ role: 'assistant', content: '', refusal: null });
    begun = true;
    if (part.type === 'text') yield chunk({ content: part.text });
    else yield chunk({ tool_calls: [{ index: calls++, ...toCall(part) }] });
  }
  yield chunk({}, calls > 0 ? 'tool_calls' : 'stop');
}
