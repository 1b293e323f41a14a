import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { languages } from '../../core/settings/settings.ts';
import type { Language } from '../../core/settings/settings.ts';
import type {
  Recognizer,
  ReplyPart,
  Responder,
  Stage,
  Transcript,
  UtterancePart,
} from '../../core/stages/stage.ts';
import { apologies, apologising } from '../../server/engines/apology.ts';
import { createFallback } from '../../server/engines/fallback.ts';
import { fallbackRecognizer, fallbackResponder } from '../../server/engines/fallback-stages.ts';
import { BusyError } from '../../server/engines/gate.ts';
import { collect, never } from '../support/stage-contract.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const request = { messages: [{ role: 'user', content: 'Hello!' }], tools: [], maxTokens: 40 } as const;
const down = new AppError('server.unreachable', 'The server does not answer.', { retryable: true });
const life = (model: string): Stage => ({
  describe: () => Promise.resolve({ model, id: model, runtime: 'scripted', device: 'remote' }),
  load: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
});

/** A language model that does what `behave` says at each call. */
function model(name: string, behave: (signal: AbortSignal) => AsyncIterable<string>): Responder {
  return {
    ...life(name),
    prepare: () => Promise.resolve(),
    async *reply(_request, signal) {
      for await (const text of behave(signal)) yield { type: 'text', text };
    },
  };
}

async function* fails(error: Error, before: readonly string[] = []): AsyncGenerator<string> {
  yield* before;
  throw error;
}
async function* says(text: string): AsyncGenerator<string> {
  yield text;
}
async function* untilStopped(signal: AbortSignal): AsyncGenerator<string> {
  yield await new Promise<string>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new AppError('aborted', 'The work was cancelled.')));
  });
}

function build(...behave: ((signal: AbortSignal) => AsyncIterable<string>)[]) {
  const clock = createVirtualClock();
  const candidates = behave.map((each, n) => ({
    model: `m${n}`,
    stage: model(`m${n}`, each),
    firstMs: 5000,
  }));
  const fallback = createFallback<Responder>(candidates, { clock, withoutIt: 'Please try again.' });
  const responder = fallbackResponder(fallback);
  return {
    clock,
    fallback,
    responder,
    ask: async (signal = never) => textOf(await collect(responder.reply(request, signal))),
  };
}

function textOf(parts: readonly ReplyPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe('several engines for one stage', () => {
  it('[CHAIN-4] are asked in their order, and a call that one fails is given to the next', async () => {
    const { ask, fallback } = build(
      () => fails(down),
      () => fails(new AppError('gpu.unavailable', 'No room.')),
      () => says('The third.'),
    );
    expect(fallback.status()).toEqual({ serving: 'm0', rank: 0, fallbacks: 0 });
    expect(await ask()).toBe('The third.');
    expect(fallback.status()).toEqual({ serving: 'm2', rank: 2, fallbacks: 2 });
  });

  it('[CHAIN-4] leave the one that failed alone for ten seconds, and then prefer it again', async () => {
    let calls = 0;
    let well = false;
    const { ask, clock } = build(
      () => {
        calls += 1;
        return well ? says('The first.') : fails(down);
      },
      () => says('The second.'),
    );
    expect([await ask(), await ask(), calls]).toEqual(['The second.', 'The second.', 1]);
    well = true;
    await clock.advance(10_000);
    expect([await ask(), await ask(), calls]).toEqual(['The first.', 'The first.', 3]);
  });

  it('[CHAIN-4] do not say twice what was said: a reply that broke off fails', async () => {
    const { ask, fallback } = build(
      () => fails(down, ['Once upon']),
      () => says('The second.'),
    );
    await expect(ask()).rejects.toBe(down);
    expect(fallback.status().serving).toBe('m1');
    expect(await ask()).toBe('The second.');
  });

  it('[CHAIN-4] take over from one that is too slow, which is told to stop', async () => {
    let stopped = false;
    const { ask, clock } = build(
      (signal) => {
        signal.addEventListener('abort', () => (stopped = true));
        return untilStopped(signal);
      },
      () => says('The second.'),
    );
    const answer = ask();
    await clock.advance(4999);
    expect(stopped).toBe(false);
    await clock.advance(1);
    expect([stopped, await answer]).toEqual([true, 'The second.']);
  });

  it('[CHAIN-4] have all the time in the world where nobody comes after them', async () => {
    const { ask, clock } = build(untilStopped);
    const controller = new AbortController();
    const answer = ask(controller.signal).catch((error: unknown) => error);
    await clock.advance(600_000);
    controller.abort();
    expect(await answer).toMatchObject({ code: 'aborted' });
  });

  it.each([
    ['a request that no engine can use', new AppError('input.invalid', 'Too long.')],
    ['a caller who gave up', new AppError('aborted', 'The work was cancelled.')],
  ])('[CHAIN-4] are not to blame for %s', async (_name, error) => {
    const { ask, fallback } = build(
      () => fails(error),
      () => says('The second.'),
    );
    await expect(ask()).rejects.toBe(error);
    expect(fallback.status()).toEqual({ serving: 'm0', rank: 0, fallbacks: 0 });
  });

  it('[CHAIN-4] help out where one is busy, which is asked again at the next call', async () => {
    const { ask, fallback } = build(
      () => fails(new BusyError('The card', 3)),
      () => says('The second.'),
    );
    expect([await ask(), fallback.status().serving]).toEqual(['The second.', 'm0']);
  });

  it('[CHAIN-4] that all fail say so, and what is left; the next call tries them again', async () => {
    let well = false;
    const { ask } = build(
      () => (well ? says('The first.') : fails(down)),
      () => fails(down),
    );
    const failure = { code: 'server.unreachable', message: `${down.message} Please try again.` };
    await expect(ask()).rejects.toMatchObject(failure);
    well = true;
    expect(await ask()).toBe('The first.');
  });

  it('[CHAIN-4] that are all busy say when to come back', async () => {
    const { ask } = build(() => fails(new BusyError('The card', 3)));
    await expect(ask()).rejects.toBeInstanceOf(BusyError);
  });
});

describe('a recogniser that takes over', () => {
  const pcm = (n: number): UtterancePart => ({
    type: 'audio',
    pcm: { samples: new Float32Array([n]), rateHz: 16_000 },
  });

  /** Writes down the samples it heard, at each pause and at the end; fails instead after so many pauses. */
  function counting(name: string, failAfterPauses = Infinity): Recognizer {
    return {
      ...life(name),
      async *transcribe(audio) {
        const heard: number[] = [];
        let pauses = 0;
        for await (const part of audio) {
          if (part.type === 'audio') {
            const { samples } = part.pcm;
            heard.push(samples[0]!);
            // As an engine in another thread does.
            structuredClone(samples, { transfer: [samples.buffer] });
            yield { text: `${name} ${heard.join('')}`, settled: false };
            continue;
          }
          if (pauses === failAfterPauses) throw down;
          pauses += 1;
          yield { text: `${name} ${heard.join('')}`, settled: true };
        }
      },
    };
  }

  it.each([
    [0, ['b 12', 'b 1234', 'b 12345']],
    [1, ['a 12', 'b 1234', 'b 12345']],
    [2, ['a 12', 'a 1234', 'b 12345']],
  ])(
    '[CHAIN-4] after %i pauses hears the utterance from its beginning, and settles each pause once',
    async (pauses, settled) => {
      let left = false;
      const audio = (async function* (): AsyncGenerator<UtterancePart> {
        try {
          const pause = { type: 'pause' } as const;
          yield* [pcm(1), pcm(2), pause, pcm(3), pcm(4), pause, pcm(5), pause];
        } finally {
          left = true;
        }
      })();
      const candidates = [counting('a', pauses), counting('b')].map((stage, n) => ({
        model: `m${n}`,
        stage,
        firstMs: undefined,
      }));
      const fallback = createFallback(candidates, { clock: createVirtualClock(), withoutIt: 'Type.' });
      const words: Transcript[] = await collect(fallbackRecognizer(fallback).transcribe(audio, {}, never));
      expect(words.filter((each) => each.settled).map(({ text }) => text)).toEqual(settled);
      expect(left).toBe(true);
    },
  );
});

describe('an apology', () => {
  const apologise = (responder: Responder, language: Language, told: string[] = []) =>
    collect(
      apologising(
        responder,
        () => language,
        ({ code }) => void told.push(code),
      ).reply(request, never),
    );

  it('[CHAIN-5] is said in the language of the person where no model answers, and the failure is told', async () => {
    for (const language of languages) {
      const told: string[] = [];
      const parts = await apologise(
        model('m', () => fails(down)),
        language,
        told,
      );
      expect([textOf(parts), told]).toEqual([apologies[language], ['server.unreachable']]);
    }
    expect(new Set(Object.values(apologies)).size).toBe(languages.length);
  });

  it('[CHAIN-5] is not said after a word, nor to somebody who gave up', async () => {
    const begun = model('m', () => fails(down, ['Once']));
    await expect(apologise(begun, 'en')).rejects.toBe(down);
    const controller = new AbortController();
    controller.abort();
    const given = apologising(
      model('m', () => fails(down)),
      () => 'en',
      () => {},
    );
    await expect(collect(given.reply(request, controller.signal))).rejects.toBe(down);
  });
});
