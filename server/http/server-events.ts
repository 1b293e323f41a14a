import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { toAppError } from '../../core/errors.ts';
import { toOpenAiError } from '../../core/protocol/openai-error.ts';
import { beginStream } from './begin-stream.ts';

/**
 * Sends events as they come, each as one `data:` line of JSON. What fails before the first event is thrown, so that the
 * answer has the right status; what fails later is an event of its own.
 * @param last written after the last event
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<unknown>,
  last?: string,
): Promise<FastifyReply> {
  const begun = await beginStream(events);
  reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store');
  return reply.send(Readable.from(toLines(begun, last)));
}

async function* toLines(events: AsyncIterable<unknown>, last: string | undefined): AsyncGenerator<string> {
  try {
    for await (const event of events) yield `data: ${JSON.stringify(event)}\n\n`;
    if (last !== undefined) yield `data: ${last}\n\n`;
  } catch (error) {
    yield `data: ${JSON.stringify(toOpenAiError(toAppError(error)))}\n\n`;
  }
}
