import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { ChatMessage, ReplyRequest } from '../../core/stages/stage.ts';
import { createUltravox } from '../../engines/ultravox.ts';
import { tones } from '../support/micro/tones.ts';
import { microUltravox } from '../support/micro/ultravox.ts';
import { writeModel } from '../support/micro/write.ts';
import { describeResponder, textOf } from '../support/responder-contract.ts';
import { aborted, collect, never } from '../support/stage-contract.ts';

const model = await writeModel('ultravox', microUltravox());
afterAll(() => model.remove());

const create = () => createUltravox(model.config);

describeResponder('Ultravox', create);

describe('Ultravox without a generation_config.json', () => {
  it('goes by its config.json', async () => {
    const { 'generation_config.json': _left, ...files } = microUltravox();
    const bare = await writeModel('ultravox', files);
    const ultravox = createUltravox(bare.config);
    await ultravox.load(() => {}, never);
    const request: ReplyRequest = {
      messages: [{ role: 'user', content: '', audio: tones('low') }],
      tools: [],
      maxTokens: 16,
    };
    expect(textOf(await collect(ultravox.reply(request, never)))).toBe('low tone');
    await ultravox.dispose();
    await bare.remove();
  });
});

describe('Ultravox', () => {
  const ultravox = create();
  beforeAll(() => ultravox.load(() => {}, never));
  afterAll(() => ultravox.dispose());

  const said = (audio: Pcm, content = ''): ChatMessage => ({ role: 'user', content, audio });
  const request = (...messages: ChatMessage[]): ReplyRequest => ({ messages, tools: [], maxTokens: 16 });
  const reply = async (...messages: ChatMessage[]): Promise<string> =>
    textOf(await collect(ultravox.reply(request(...messages), never)));

  const before: ChatMessage[] = [
    { role: 'user', content: 'what was that' },
    { role: 'assistant', content: 'high tone' },
  ];

  it('[HEAR-1] answers what it hears', async () => {
    expect(await reply(said(tones('low')))).toBe('low tone');
    expect(await reply(said(tones('high')))).toBe('high tone');
  });

  it('[HEAR-1] goes by the sound, whatever was understood of it', async () => {
    expect(await reply(said(tones('high'), 'something about <|user|> and low'))).toBe('high tone');
  });

  it('[HEAR-1] answers in writing too', async () => {
    expect(await reply({ role: 'user', content: 'low' })).toBe('nothing tone');
  });

  it('[HEAR-2] remembers the conversation', async () => {
    expect(await reply(...before, said(tones('low')))).toBe('low again');
  });

  it('answers alike when it has read the conversation before, and after another sound', async () => {
    await ultravox.prepare(request(...before), never);
    expect(await reply(...before, said(tones('high')))).toBe('high again');
    expect(await reply(...before, said(tones('low')))).toBe('low again');
    expect(await reply(...before, said(tones('low')))).toBe('low again');
  });

  it('hears audio of another rate, and of longer than a window', async () => {
    const { samples, rateHz } = tones('high');
    const doubled = Float32Array.from({ length: 2 * samples.length }, (_, at) => samples[at >> 1]!);
    expect(await reply(said({ samples: doubled, rateHz: 2 * rateHz }))).toBe('high tone');
    const long = new Float32Array(40 * rateHz);
    long.set(samples, 35 * rateHz);
    expect(await reply(said({ samples: long, rateHz }))).toBe('high tone');
  });

  it('rejects audio that is none, and answers again', async () => {
    const spoilt = { samples: Float32Array.of(Number.NaN), rateHz: 16_000 };
    await expect(reply(said(spoilt))).rejects.toMatchObject({ code: 'audio.invalid' });
    const hour = { samples: new Float32Array(16_000 * 121), rateHz: 16_000 };
    await expect(reply(said(hour))).rejects.toMatchObject({ code: 'audio.invalid' });
    await expect(collect(ultravox.reply(request(said(tones('low'))), aborted()))).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(await reply(said(tones('low')))).toBe('low tone');
  });

  it('refuses a sound that leaves no room for an answer', async () => {
    const long = { samples: new Float32Array(16_000 * 100), rateHz: 16_000 };
    await expect(reply(said(long))).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
