import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concatSamples, durationMs } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import { encodePcm16 } from '../../core/audio/wav.ts';
import type { ReplyPart, UtterancePart } from '../../core/stages/stage.ts';
import { createCircuitBreaker } from '../../engines/openai/circuit-breaker.ts';
import {
  createOpenAiRecognizer,
  createOpenAiResponder,
  createOpenAiSynthesizer,
} from '../../engines/openai.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { openFakeUpstream } from '../support/fake-upstream.ts';
import type { FakeUpstream } from '../support/fake-upstream.ts';
import { openEar } from '../support/ear.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { wordAgreement } from '../support/spoken-form.ts';
import { collect, never } from '../support/stage-contract.ts';
import {
  callShapes,
  errorBodies,
  errorInStream,
  halfAStream,
  textShapes,
  twoCalls,
} from '../support/upstream-shapes.ts';
import { encodeWav } from '../support/wav.ts';

const request = {
  messages: [{ role: 'user', content: 'What time is it?' }],
  tools: [],
  maxTokens: 40,
} as const;
const tone: Pcm = {
  samples: Float32Array.from({ length: 2400 }, (_, n) => 0.4 * Math.sin(n / 9)),
  rateHz: 24_000,
};

function textOf(parts: readonly ReplyPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

async function* partsOf({ samples, rateHz }: Pcm): AsyncGenerator<UtterancePart> {
  yield { type: 'audio', pcm: { samples: samples.slice(), rateHz } };
}

let upstream: FakeUpstream;
beforeEach(async () => {
  upstream = await openFakeUpstream();
});
afterEach(() => upstream.close());
const config = (rest: object = {}) => ({ url: upstream.url, model: 'm', timeoutMs: 10_000, ...rest });

describe('the language model of another server', () => {
  const reply = (signal = never, rest: object = {}) =>
    collect(createOpenAiResponder(config(rest)).reply(request, signal));

  it.each(Object.entries(textShapes))('[SRV-9] is understood as it speaks: %s', async (_name, body) => {
    for (const pieceBytes of [1, 7, 1024]) {
      upstream.answer({ body, pieceBytes });
      expect(textOf(await reply()).trim()).toBe('The time is 3:42.');
    }
  });

  it.each(Object.entries(callShapes))('[SRV-9] calls tools: %s', async (_name, body) => {
    for (const pieceBytes of [3, 1024]) {
      upstream.answer({ body, pieceBytes });
      const calls = (await reply()).filter((part) => part.type === 'toolCall');
      expect(calls).toEqual([
        {
          type: 'toolCall',
          call: { id: expect.stringMatching(/./), name: 'get_time', arguments: { city: 'Paris' } },
        },
      ]);
    }
  });

  it('[SRV-9] calls two tools at once, also under one index', async () => {
    upstream.answer({ body: twoCalls });
    const cities = (await reply()).map((part) => part.type === 'toolCall' && part.call.arguments);
    expect(cities).toEqual([{ city: 'Paris' }, { city: 'Oslo' }]);
  });

  it('[SRV-9] gets the key, the model and the messages', async () => {
    upstream.answer({ body: textShapes['Ollama']! });
    await reply(never, { key: 'secret' });
    const [asked] = upstream.requests;
    expect(asked?.headers.authorization).toBe('Bearer secret');
    expect(JSON.parse(asked!.body)).toEqual({
      model: 'm',
      messages: request.messages,
      max_tokens: 40,
      stream: true,
    });
  });

  it.each(errorBodies)('[SRV-10] that refuses is told apart: %s', async (_name, status, body, code) => {
    upstream.answer({ status, body, headers: { 'content-type': 'application/json' } });
    const refused = await reply().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code });
    expect(String(refused)).not.toContain('Internal');
  });

  it.each([
    ['breaks off', { body: halfAStream, after: 'cut' }, 'server.unreachable'],
    ['ends too soon', { body: halfAStream }, 'server.unreachable'],
    ['falls silent', { body: halfAStream, after: 'silence' }, 'engine.timeout'],
    ['fails in the middle', { body: errorInStream }, 'engine.failed'],
    ['talks nonsense', { body: 'data: {"choices": 7}\n\n' }, 'engine.failed'],
    ['talks HTML', { body: 'data: <html>\n\n' }, 'engine.failed'],
    [
      'sends elsewhere',
      { status: 302, headers: { location: 'http://169.254.169.254/' } },
      'server.unreachable',
    ],
  ] as const)('[SRV-10] that %s fails the call, with what was said before', async (_name, answer, code) => {
    upstream.answer(answer);
    const parts: ReplyPart[] = [];
    const reading = (async () => {
      const responder = createOpenAiResponder(config({ timeoutMs: 300 }));
      for await (const part of responder.reply(request, never)) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code });
    if ('body' in answer && answer.body === halfAStream) expect(textOf(parts)).toBe('The time is');
  });

  it('[SRV-10] is asked again while nothing came of it, and no more once it has begun to answer', async () => {
    upstream.answer(
      { status: 503 },
      { status: 429, headers: { 'retry-after': '0' } },
      { body: textShapes['Ollama']! },
    );
    expect(textOf(await reply())).toBe('The time is 3:42.');
    expect(upstream.requests).toHaveLength(3);
    upstream.answer({ body: halfAStream, after: 'cut' });
    await expect(reply()).rejects.toMatchObject({ code: 'server.unreachable' });
    expect(upstream.requests).toHaveLength(4);
  });

  it('[SRV-10] is not asked again at once where it asks for patience', async () => {
    upstream.answer({ status: 429, headers: { 'retry-after': '60' } });
    await expect(reply()).rejects.toMatchObject({ code: 'server.busy' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('[SRV-10] hears at once that nobody listens any more', async () => {
    upstream.answer({ body: halfAStream, after: 'silence' });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _part of createOpenAiResponder(config()).reply(request, controller.signal))
        controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => upstream.hungUp()).toBe(1);
  });

  it('[SRV-10] that is down is not waited for by everybody', async () => {
    let nowMs = 0;
    const breaker = createCircuitBreaker('host', () => nowMs);
    for (let failure = 0; failure < 4; failure++) {
      breaker.check();
      breaker.failed();
    }
    expect(() => breaker.check()).toThrow('is down');
    nowMs += 5001;
    breaker.check();
    expect(() => breaker.check()).toThrow('is down');
    breaker.succeeded();
    breaker.check();
  });

  it('[SRV-10] that cannot be reached is named', async () => {
    const responder = createOpenAiResponder({ ...config(), url: 'http://127.0.0.1:9/v1' });
    await expect(responder.load(() => {}, never)).rejects.toMatchObject({
      code: 'server.unreachable',
      message: expect.stringContaining('127.0.0.1:9'),
    });
  });
});

describe('the voice of another server', () => {
  const speak = () =>
    collect(
      createOpenAiSynthesizer(config({ voice: 'af_heart' })).speak(
        'Hello.',
        { id: 'en-us', speed: 1 },
        never,
      ),
    );
  const bytes = encodePcm16(tone.samples);

  it.each([
    ['OpenAI, Kokoro-FastAPI and vLLM-Omni', 'audio/pcm', bytes, 24_000],
    ['a server that states its rate', 'audio/L16; rate=44100', bytes, 44_100],
    ['a server that sends WAV all the same', 'audio/wav', encodeWav({ ...tone, rateHz: 16_000 }), 16_000],
  ])('[SRV-9] is heard whatever pieces it comes in: %s', async (_name, type, body, rateHz) => {
    for (const pieceBytes of [1, 333, 100_000]) {
      upstream.answer({ headers: { 'content-type': type }, body, pieceBytes });
      const chunks = await collect(speakStream());
      expect(new Set(chunks.map((chunk) => chunk.rateHz))).toEqual(new Set([rateHz]));
      const samples = concatSamples(chunks.map((chunk) => chunk.samples));
      expect(samples.length).toBe(tone.samples.length);
      expect(samples[100]).toBeCloseTo(tone.samples[100]!, 3);
    }
  });
  const speakStream = () =>
    createOpenAiSynthesizer(config()).speak('Hello.', { id: 'en-us', speed: 1 }, never);

  it('[SRV-9] is asked for as configured, without the speed that every voice has', async () => {
    upstream.answer({ headers: { 'content-type': 'audio/pcm' }, body: bytes });
    await speak();
    expect(JSON.parse(upstream.requests[0]!.body)).toEqual({
      model: 'm',
      input: 'Hello.',
      voice: 'af_heart',
      response_format: 'pcm',
      stream_format: 'audio',
    });
  });

  it('[SRV-10] that answers in words fails', async () => {
    upstream.answer({ headers: { 'content-type': 'application/json' }, body: '{"error":"no voice"}' });
    await expect(speak()).rejects.toMatchObject({ code: 'engine.failed' });
  });
});

describe('the recogniser of another server', () => {
  const transcribe = () =>
    collect(createOpenAiRecognizer(config()).transcribe(partsOf(tone), { language: 'en' }, never));

  it.each([
    ['OpenAI', '{"text":"Hello there.","usage":{"type":"duration","seconds":1}}'],
    ['speaches', '{"text":" Hello there."}'],
    ['vLLM', '{"text":" Hello there.","usage":{"type":"duration","seconds":2}}'],
  ])('[SRV-9] is understood: %s', async (_name, body) => {
    upstream.answer({ headers: { 'content-type': 'application/json' }, body, pieceBytes: 5 });
    expect(await transcribe()).toEqual([{ text: 'Hello there.', settled: true }]);
    const [asked] = upstream.requests;
    expect(asked?.headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(asked?.body).toContain('RIFF');
  });

  it('[SRV-10] that answers with something else fails', async () => {
    upstream.answer({ headers: { 'content-type': 'text/html' }, body: '<html>' });
    await expect(transcribe()).rejects.toMatchObject({ code: 'engine.failed' });
  });
});

describe('another Parley', () => {
  let first: Companion;
  let second: Companion;
  beforeAll(async () => {
    first = await openCompanion();
    const stage = { engine: 'openai', url: `${first.url}/v1`, timeoutMs: 60_000 } as const;
    second = await openCompanion({
      config: {
        stages: {
          stt: { ...stage, model: 'starter/recogniser' },
          llm: { ...stage, model: 'starter/chat' },
          tts: { ...stage, model: 'espeak-ng' },
        },
      },
    });
  });
  afterAll(async () => {
    await second.close();
    await first.close();
  });

  it('[SRV-9] serves every stage of this one', async () => {
    const stages = second.engines.for('test');
    const { pcm, text } = fixture('timer-set');
    const words = await collect(stages.recognizer.transcribe(partsOf(pcm), { language: 'en' }, never));
    expect(wordAgreement(text, words.at(-1)?.text ?? '')).toBeGreaterThanOrEqual(0.8);
    const greeting = { ...request, messages: [{ role: 'user', content: 'Hello!' }] } as const;
    expect(textOf(await collect(stages.responder.reply(greeting, never)))).toMatch(/\w/);
    const chunks = await collect(stages.synthesizer.speak('Good morning.', { id: 'en-us', speed: 1 }, never));
    const sound = { samples: concatSamples(chunks.map((chunk) => chunk.samples)), rateHz: chunks[0]!.rateHz };
    expect(durationMs(sound)).toBeGreaterThan(400);
    const ear = await openEar();
    expect(wordAgreement('Good morning.', await ear.words(sound))).toBeGreaterThanOrEqual(0.5);
    await ear.close();
  });

  it('[SRV-9] is passed on to the official client, stream and all', async () => {
    const stream = second.client.chat.completions.stream({
      model: 'starter/chat',
      messages: [{ role: 'user', content: 'Hello!' }],
    });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toMatch(/\w/);
  });
});
