import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage, ReplyPart, ReplyRequest, Responder } from '../../core/stages/stage.ts';
import { ask, textOf } from './reply-requests.ts';
import { aborted, collect, describeLifeCycle, never } from './stage-contract.ts';

export { ask, textOf };

/** What every responder promises; see `Responder` in core/stages/stage.ts. */
export function describeResponder(name: string, create: () => Responder): void {
  describeLifeCycle(name, create);

  describe(`${name}: replying`, () => {
    const responder = create();
    beforeAll(() => responder.load(() => {}, never));
    afterAll(() => responder.dispose());

    const reply = (request: ReplyRequest, signal = never): Promise<ReplyPart[]> =>
      collect(responder.reply(request, signal));

    it('answers in text without markers of its template', async () => {
      const text = textOf(await reply(ask('hello')));
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/<\||<think>|\uFFFD/);
    });

    it('streams: more than one part for a sentence', async () => {
      const parts = await reply(ask('tell me a joke'));
      expect(parts.length).toBeGreaterThan(1);
    });

    it('says at most one token where one is allowed', async () => {
      expect((await reply(ask('tell me a joke', 1))).length).toBeLessThanOrEqual(1);
    });

    it('ends a reply that may have 10,000 tokens', async () => {
      expect((await reply(ask('tell me a joke', 10_000))).length).toBeLessThanOrEqual(10_000);
    });

    it('answers after a conversation far longer than its memory', async () => {
      const messages: ChatMessage[] = [{ role: 'system', content: 'You are a voice assistant.' }];
      for (let turn = 0; turn < 200; turn++) {
        messages.push({ role: 'user', content: `what is ${turn} plus ${turn}` });
        messages.push({ role: 'assistant', content: `${turn} plus ${turn} is ${turn + turn}.` });
      }
      messages.push({ role: 'user', content: 'hello' });
      const parts = await reply({ messages, tools: [], maxTokens: 64 });
      expect(parts).not.toEqual([]);
    });

    it('rejects with `aborted` when the signal has fired', async () => {
      await expect(reply(ask('hello'), aborted())).rejects.toMatchObject({ code: 'aborted' });
    });

    it('answers alike when it has read the conversation before', async () => {
      const before: ChatMessage[] = [
        { role: 'user', content: 'my name is Anna' },
        { role: 'assistant', content: 'Nice to meet you, Anna.' },
      ];
      const request = {
        ...ask('what is my name'),
        messages: [...before, ...ask('what is my name').messages],
      };
      const unprepared = textOf(await reply(request));
      await responder.prepare({ ...request, messages: before }, never);
      expect(textOf(await reply(request))).toBe(unprepared);
      await responder.prepare({ ...request, messages: [{ role: 'system', content: 'Be brief.' }] }, never);
      expect(textOf(await reply(request))).toBe(unprepared);
    });

    it('stops in the middle when the signal fires, and answers the next request', async () => {
      const controller = new AbortController();
      const heard: ReplyPart[] = [];
      const listening = (async () => {
        for await (const part of responder.reply(ask('tell me a joke'), controller.signal)) {
          heard.push(part);
          controller.abort();
        }
      })();
      await expect(listening).rejects.toMatchObject({ code: 'aborted' });
      expect(heard).toHaveLength(1);
      expect(await reply(ask('hello'))).not.toEqual([]);
    });

    it('is free again when an aborted reply is never asked for its end', async () => {
      const controller = new AbortController();
      await responder.reply(ask('tell me a joke'), controller.signal)[Symbol.asyncIterator]().next();
      controller.abort();
      expect(await reply(ask('hello'))).not.toEqual([]);
    });

    it('gives the same answer to two requests at once', async () => {
      const [first, second] = await Promise.all([reply(ask('hello')), reply(ask('hello'))]);
      expect(textOf(first)).toBe(textOf(second));
    });

    it('rejects with `engine.failed` before it is loaded', async () => {
      const parts = collect(create().reply(ask('hello'), never));
      await expect(parts).rejects.toMatchObject({ code: 'engine.failed' });
    });
  });
}
