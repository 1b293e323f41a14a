import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { chainedResponder } from '../../../core/stages/chained.ts';
import { createChain } from '../../../core/stages/first-that-works.ts';
import type { Rung } from '../../../core/stages/first-that-works.ts';
import type { ReplyPart, Responder } from '../../../core/stages/stage.ts';
import { collect, never } from '../../support/stage-contract.ts';

const request = { messages: [], tools: [], maxTokens: 8 };

/** A language model that says these words, and then fails where it is told to. */
function responder(key: string, words: string[], failure?: AppError): Rung<Responder> {
  const info = { model: key, id: key, runtime: 'scripted', device: 'wasm' } as const;
  const stage: Responder = {
    describe: async () => info,
    load: async () => {},
    dispose: async () => {},
    prepare: async () => {},
    async *reply() {
      for (const text of words) yield { type: 'text', text };
      if (failure) throw failure;
    },
  };
  return { key, info, start: () => ({ stage, terminate() {}, probe: async () => {} }) };
}

function chainOf(...rungs: Rung<Responder>[]) {
  const said: string[] = [];
  const chain = createChain(rungs, {
    onReload: () => {},
    onServing: () => {},
    onFailure: ({ message }) => said.push(message),
  });
  return { stage: chainedResponder(chain), said };
}

const gone = new AppError('server.unreachable', 'The server is gone.', { retryable: true });
const textOf = (parts: ReplyPart[]) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

describe('[CHAIN-4] a language model that fails', () => {
  it('before a word of its answer leaves the same question to whoever takes over', async () => {
    const { stage, said } = chainOf(responder('far', [], gone), responder('near', ['Good ', 'day.']));
    expect(textOf(await collect(stage.reply(request, never)))).toBe('Good day.');
    expect(said).toEqual(['The server is gone. near takes over on the processor.']);
  });

  it('within its answer ends the turn: nothing is said twice', async () => {
    const { stage } = chainOf(responder('far', ['Good '], gone), responder('near', ['Good ', 'day.']));
    const heard: ReplyPart[] = [];
    const reading = (async () => {
      for await (const part of stage.reply(request, never)) heard.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'stage.moved' });
    expect(textOf(heard)).toBe('Good ');
  });

  it('where nobody takes over ends the turn with its own words', async () => {
    const { stage } = chainOf(responder('far', [], gone));
    await expect(collect(stage.reply(request, never))).rejects.toMatchObject({ code: 'server.unreachable' });
  });
});
