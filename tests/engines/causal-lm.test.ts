import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReplyRequest } from '../../core/stages/stage.ts';
import { createCausalLm } from '../../engines/causal-lm.ts';
import { ask, describeResponder, textOf } from '../support/responder-contract.ts';
import { collect, never } from '../support/stage-contract.ts';
import { starterChat, starterConfig, withModelCopy } from '../support/starter-engines.ts';

describeResponder('Causal LM', starterChat);

const tools = [
  { name: 'calculate', description: 'Works out a sum.', parameters: { type: 'object', properties: {} } },
];

describe('Causal LM', () => {
  it('calls a tool and answers from its result', async () => {
    const chat = starterChat();
    await chat.load(() => {}, never);
    const question: ReplyRequest = { ...ask('what is twelve times seven'), tools };
    const [part] = await collect(chat.reply(question, never));
    if (part?.type !== 'toolCall') throw new Error(`expected a call, got ${JSON.stringify(part)}`);
    expect(part.call).toMatchObject({ name: 'calculate', arguments: { expression: '12 * 7' } });
    const answer = await collect(
      chat.reply(
        {
          ...question,
          messages: [
            ...question.messages,
            { role: 'assistant', content: '', toolCalls: [part.call] },
            { role: 'tool', callId: part.call.id, name: 'calculate', content: '{"result":84}' },
          ],
        },
        never,
      ),
    );
    expect(textOf(answer)).toContain('84');
    await chat.dispose();
  });

  it('answers alike in full precision, from a cold start and with the conversation in memory', async () => {
    const request: ReplyRequest = {
      messages: [
        { role: 'user', content: 'my name is Anna' },
        { role: 'assistant', content: 'Nice to meet you, Anna.' },
        { role: 'user', content: 'what is my name' },
      ],
      tools: [],
      maxTokens: 64,
    };
    const chat = createCausalLm(starterConfig('chat', 'fp32'));
    await chat.load(() => {}, never);
    const cold = textOf(await collect(chat.reply(request, never)));
    await collect(chat.reply(ask('tell me a joke'), never));
    await collect(chat.reply({ ...request, messages: request.messages.slice(0, 1) }, never));
    expect(textOf(await collect(chat.reply(request, never)))).toBe(cold);
    expect(cold).toContain('Anna');
    await chat.dispose();
  });

  it('refuses a message that no model of this size can read, and says what to do', async () => {
    const chat = starterChat();
    await chat.load(() => {}, never);
    const reply = collect(chat.reply(ask('word '.repeat(20_000)), never));
    await expect(reply).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('fewer words'),
    });
    await chat.dispose();
  });

  it('names the model file when it is missing', async () => {
    await withModelCopy('chat', async (config, folder) => {
      await rm(join(folder, 'onnx/model_quantized.onnx'));
      await expect(createCausalLm(config).load(() => {}, never)).rejects.toMatchObject({
        code: 'model.missing',
        message: expect.stringContaining('onnx/model_quantized.onnx'),
      });
    });
  });

  it.each(['onnx/model_quantized.onnx', 'config.json', 'tokenizer.json'])(
    'names %s when it is cut short',
    async (file) => {
      await withModelCopy('chat', async (config, folder) => {
        await truncate(join(folder, file), 100);
        await expect(createCausalLm(config).load(() => {}, never)).rejects.toMatchObject({
          code: 'model.corrupt',
          message: expect.stringContaining(file),
        });
      });
    },
  );
});
