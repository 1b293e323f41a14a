import { readFileSync } from 'node:fs';
import { APIError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePcm16, decodeWav } from '../../core/audio/wav.ts';
import { durationMs, rms } from '../../core/audio/pcm.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { openEar } from '../support/ear.ts';
import { fixture, fixturePath } from '../support/speech-fixtures.ts';
import { encodeWav } from '../support/wav.ts';
import { spokenForm, wordAgreement } from '../support/spoken-form.ts';

/** What the unmodified `openai` package does against this server, on the starter models. */
let server: Companion;
beforeAll(async () => {
  server = await openCompanion();
});
afterAll(() => server.close());

const model = 'starter/chat';
const calculator = {
  type: 'function',
  function: {
    name: 'calculate',
    description: 'Works out an arithmetic expression.',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string' } },
      required: ['expression'],
    },
  },
} as const;

describe('models', () => {
  it('[SRV-4] are listed, and described one by one', async () => {
    const ids: string[] = [];
    for await (const { id } of server.client.models.list()) ids.push(id);
    expect(ids).toEqual(['starter/recogniser', 'starter/chat', 'espeak-ng']);
    expect(await server.client.models.retrieve('starter/chat')).toMatchObject({
      id: 'starter/chat',
      object: 'model',
    });
    await expect(server.client.models.retrieve('gpt-5')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});

describe('chat', () => {
  it('[SRV-4] answers in one piece', async () => {
    const completion = await server.client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hello!' }],
    });
    expect(completion.object).toBe('chat.completion');
    expect(completion.choices[0]?.message).toMatchObject({
      role: 'assistant',
      content: expect.stringMatching(/\w/),
    });
    expect(completion.choices[0]?.finish_reason).toBe('stop');
  });

  it('[SRV-4] streams the same answer', async () => {
    const messages = [{ role: 'user', content: 'Hello!' }] as const;
    const whole = await server.client.chat.completions.create({ model, messages: [...messages] });
    const stream = server.client.chat.completions.stream({ model, messages: [...messages] });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    const final = await stream.finalChatCompletion();
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(whole.choices[0]?.message.content);
    expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  });

  it('[SRV-4] calls a tool and answers with its result', async () => {
    const messages: Parameters<typeof server.client.chat.completions.create>[0]['messages'] = [
      { role: 'user', content: 'What is twelve times seven?' },
    ];
    const asked = await server.client.chat.completions.create({ model, messages, tools: [calculator] });
    const [choice] = asked.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const call = choice?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no function was called');
    expect(call.function.name).toBe('calculate');
    expect(JSON.parse(call.function.arguments)).toHaveProperty('expression');
    messages.push(choice!.message, { role: 'tool', tool_call_id: call.id, content: '{"result":84}' });
    const answered = await server.client.chat.completions.create({ model, messages, tools: [calculator] });
    expect(answered.choices[0]?.message.content).toContain('84');
  });

  it('[SRV-4] streams a tool call that the client puts together', async () => {
    const stream = server.client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'What is twelve times seven?' }],
      tools: [calculator],
    });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({
      type: 'function',
      function: { name: 'calculate' },
    });
  });

  it('[SRV-4] hears a recording among the messages', async () => {
    const data = readFileSync(fixturePath('calculate-times')).toString('base64');
    const { choices } = await server.client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'wav' } }] }],
      tools: [calculator],
    });
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'calculate' } });
  });

  it('[SRV-4] stops when the client does, and answers the next', async () => {
    const stream = await server.client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Tell me a story.' }],
      stream: true,
    });
    for await (const _chunk of stream) break;
    stream.controller.abort();
    await expect.poll(() => server.engines.gates.llm.working()).toBe(0);
  });

  it('[SRV-5] refuses a model that is not here, and a body that does not fit, in words', async () => {
    const messages = [{ role: 'user' as const, content: 'Hello!' }];
    const unknown = server.client.chat.completions.create({ model: 'gpt-5', messages });
    await expect(unknown).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('starter/chat'),
    });
    const many = server.client.chat.completions.create({ model, messages, n: 3 });
    await expect(many).rejects.toMatchObject({ status: 400, param: 'n', type: 'invalid_request_error' });
    await expect(many).rejects.toBeInstanceOf(APIError);
  });
});

describe('transcription', () => {
  const ask = (name: string, rest: object = {}) =>
    server.client.audio.transcriptions.create({
      model: 'starter/recogniser',
      file: new File([readFileSync(fixturePath(name))], `${name}.wav`),
      language: 'en',
      ...rest,
    });

  it.each(['timer-set', 'calculate-times', 'date'])('[SRV-4] writes down %s', async (name) => {
    const { text } = await ask(name);
    expect(wordAgreement(fixture(name).text, text)).toBeGreaterThanOrEqual(0.8);
  });

  it('[SRV-4] comes as text, and with the time of each stretch of speech', async () => {
    const { pcm } = fixture('timer-set');
    expect(spokenForm((await ask('timer-set', { response_format: 'text' })) as unknown as string)).toBe(
      'set a timer for ten minutes',
    );
    const verbose = (await ask('timer-set', { response_format: 'verbose_json' })) as unknown as {
      duration: number;
      segments: { start: number; end: number; text: string }[];
    };
    expect(verbose.duration).toBeCloseTo(durationMs(pcm) / 1000, 2);
    const [segment] = verbose.segments;
    expect(segment!.end).toBeGreaterThan(segment!.start);
    expect(segment!.end).toBeLessThanOrEqual(verbose.duration);
  });

  it('[SRV-4] streams words that are not taken back', async () => {
    const stream = await server.client.audio.transcriptions.create({
      model: 'starter/recogniser',
      file: await toFile(readFileSync(fixturePath('timer-set')), 'speech.wav'),
      stream: true,
    });
    let text = '';
    let done: string | undefined;
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') text += event.delta;
      if (event.type === 'transcript.text.done') done = event.text;
    }
    expect(spokenForm(text)).toBe('set a timer for ten minutes');
    expect(text).toBe(done);
  });

  it('[SRV-4] of silence is empty: nothing is invented', async () => {
    const silence = encodeWav({ samples: new Float32Array(32_000), rateHz: 16_000 });
    const { text } = await server.client.audio.transcriptions.create({
      model: 'parley',
      file: await toFile(silence, 'silence.wav'),
    });
    expect(text).toBe('');
  });

  it('[SRV-5] of what is no recording is refused', async () => {
    const file = await toFile(Buffer.from('not a sound'), 'speech.mp3');
    const transcription = server.client.audio.transcriptions.create({ model: 'starter/recogniser', file });
    await expect(transcription).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('WAV'),
    });
    await expect(ask('timer-set', { response_format: 'srt' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('speech', () => {
  const speak = (rest: object = {}) =>
    server.client.audio.speech.create({
      model: 'espeak-ng',
      voice: 'en-us',
      input: 'Set a timer for **ten minutes**.',
      response_format: 'wav',
      ...rest,
    });

  it('[SRV-4] is understood again, and Markdown is not read aloud', async () => {
    const answer = await speak();
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    const pcm = decodeWav(new Uint8Array(await answer.arrayBuffer()), 60);
    expect(pcm.rateHz).toBe(24_000);
    const ear = await openEar();
    expect(wordAgreement('Set a timer for ten minutes.', await ear.words(pcm))).toBeGreaterThanOrEqual(0.8);
    await ear.close();
  });

  it('[SRV-4] comes as raw samples and as events, as much in each', async () => {
    const raw = new Uint8Array(await (await speak({ response_format: 'pcm' })).arrayBuffer());
    const events = await (await speak({ response_format: 'pcm', stream_format: 'sse' })).text();
    const pieces = [...events.matchAll(/^data: (.*)$/gm)].map(
      ([, json]) => JSON.parse(json!) as { type: string; audio?: string },
    );
    expect(pieces.at(-1)).toEqual({ type: 'speech.audio.done' });
    const joined = Buffer.concat(pieces.map(({ audio }) => Buffer.from(audio ?? '', 'base64')));
    // The voice is never quite the same twice.
    expect(joined.length / raw.length).toBeCloseTo(1, 1);
    expect(rms(decodePcm16(joined))).toBeCloseTo(rms(decodePcm16(raw)), 2);
  });

  it('[SRV-4] is faster at a higher speed', async () => {
    const bytes = async (speed: number) => (await (await speak({ speed })).arrayBuffer()).byteLength;
    expect(await bytes(2)).toBeLessThan((await bytes(1)) * 0.8);
  });

  it.each(['mp3', 'opus', 'aac', 'flac'])(
    '[SRV-5] as %s is refused: nothing here can write it',
    async (format) => {
      await expect(speak({ response_format: format })).rejects.toMatchObject({
        status: 400,
        param: 'response_format',
        message: expect.stringContaining('wav or pcm'),
      });
    },
  );
});
