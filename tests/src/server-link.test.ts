import { describe, expect, it, vi } from 'vitest';
import { createServerLink } from '../../src/placement/server-link.ts';
import type { ServerLinkDeps } from '../../src/placement/server-link.ts';
import { choicesFor, describeServer, isKey } from '../../src/state/server-words.ts';
import { createSettingsStore } from '../../src/state/settings-store.ts';

const stage = (model: string, delayMs: number | null) => ({
  model,
  remote: false,
  working: 0,
  waiting: 0,
  delayMs,
});
const all = {
  version: 1,
  stages: { stt: stage('a/ear', 80), llm: stage('a/chat', null), tts: stage('espeak-ng', 4) },
};

/** A server that takes `tookMs` for each answer, on a clock of its own. */
function setUp(welcome: ServerLinkDeps['welcome'] = 'open', serverKey = '') {
  const values = new Map<string, string>();
  const settings = createSettingsStore(() => ({
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  }));
  settings.set({ serverKey });
  const server = { status: 200, body: all as unknown, tookMs: [50, 10], down: false };
  const asked: { url: string; authorization: string | undefined }[] = [];
  const waits: { ms: number; work: () => void }[] = [];
  let now = 1_000_000;
  const link = createServerLink({
    welcome,
    settings,
    nowMs: () => now,
    async fetch(url, init) {
      const headers = init?.headers as { authorization?: string } | undefined;
      asked.push({ url: url as string, authorization: headers?.authorization });
      now += server.tookMs.shift() ?? 10;
      if (server.down) throw new TypeError('Failed to fetch');
      return Response.json(server.body, { status: server.status });
    },
    after(ms, work) {
      waits.push({ ms, work });
      return () => {};
    },
    nameOf: (id) => id.toUpperCase(),
  });
  const until = (state: string) => vi.waitFor(() => expect(link.get().state).toBe(state));
  return { link, server, settings, asked, waits, until, pass: (ms: number) => (now += ms) };
}

describe('[PLACE-14] the server that the page came from', () => {
  it('offers its stages, each as quick as it says it is and as far away as the quicker of two looks found it', async () => {
    const { link, asked } = setUp();
    await link.known;
    expect(link.get()).toEqual({
      state: 'found',
      roundTripMs: 10,
      offers: [
        { stage: 'stt', id: 'a/ear', name: 'A/EAR', delayMs: 90 },
        { stage: 'llm', id: 'a/chat', name: 'A/CHAT', delayMs: 10 },
        { stage: 'tts', id: 'espeak-ng', name: 'ESPEAK-NG', delayMs: 14 },
      ],
    });
    expect(asked).toEqual([
      { url: '/api/v1/capabilities', authorization: undefined },
      { url: '/api/v1/capabilities', authorization: undefined },
    ]);
  });

  it('is not asked without the key that it wants, and then with the key in a header', async () => {
    const { link, asked, settings, until } = setUp('key');
    await link.known;
    expect([link.get().state, asked]).toEqual(['wants-key', []]);
    settings.set({ serverKey: 'sk-1' });
    await until('found');
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer sk-1']));
    expect(asked.every(({ url }) => !url.includes('sk-1'))).toBe(true);
  });

  it('says that a key is wrong, and takes the next one', async () => {
    const { link, server, settings, until } = setUp('key', 'wrong');
    server.status = 401;
    await until('denied');
    expect(link.get().offers).toEqual([]);
    server.status = 200;
    settings.set({ serverKey: 'right' });
    await until('found');
  });

  it.each([
    ['no JSON of ours', { hello: 1 }],
    ['another version', { ...all, version: 2 }],
    ['a delay that is none', { version: 1, stages: { stt: stage('a', -1) } }],
  ])('offers nothing where it answers with %s', async (_what, body) => {
    const { link, server, until } = setUp();
    server.body = body;
    await until('unreachable');
    expect(link.get().offers).toEqual([]);
  });

  it('may offer some of the stages', async () => {
    const { link, server } = setUp();
    server.body = { version: 1, stages: { llm: stage('a/chat', 7) } };
    await link.known;
    expect(link.get().offers.map(({ stage }) => stage)).toEqual(['llm']);
  });
});

describe('[PLACE-13] a server that is lost', () => {
  it('offers nothing until it is found again, and is looked for less often the more often it is lost', async () => {
    const { link, waits, until } = setUp();
    await link.known;
    for (const ms of [5_000, 10_000, 20_000]) {
      link.failed('server.unreachable');
      // What the other stages then find out is the same loss.
      link.failed('server.unreachable');
      expect(link.get()).toEqual({ state: 'unreachable', offers: [] });
      expect(waits.at(-1)?.ms).toBe(ms);
      waits.at(-1)?.work();
      await until('found');
    }
    expect(waits).toHaveLength(3);
  });

  it('counts as well again once it has held for five minutes, or when the person says so', async () => {
    const { link, waits, until, pass } = setUp();
    await link.known;
    const loseAndFind = async (): Promise<number | undefined> => {
      link.failed('server.busy');
      waits.at(-1)?.work();
      await until('found');
      return waits.at(-1)?.ms;
    };
    expect([await loseAndFind(), await loseAndFind()]).toEqual([5_000, 10_000]);
    pass(300_001);
    expect(await loseAndFind()).toBe(5_000);
    await loseAndFind();
    link.lookAgain();
    await until('found');
    expect(await loseAndFind()).toBe(5_000);
  });

  it('goes on being looked for while it is down', async () => {
    const { server, waits, until } = setUp();
    server.down = true;
    await until('unreachable');
    waits.at(-1)?.work();
    await vi.waitFor(() => expect(waits).toHaveLength(2));
    server.down = false;
    waits.at(-1)?.work();
    await until('found');
  });

  it('that refuses the key in mid-conversation is not asked again with it', async () => {
    const { link, waits } = setUp('key', 'old');
    await link.known;
    link.failed('server.denied');
    expect([link.get().state, waits]).toEqual(['denied', []]);
  });
});

describe('[PLACE-9] the words for the server', () => {
  it('take back what was chosen for it when the person wants all on this device', () => {
    const choices = {
      stt: { model: 'a/ear', place: 'server' },
      llm: { model: 'a/chat', place: 'wasm' },
    } as const;
    expect(choicesFor('this-device', choices)).toEqual({ llm: choices.llm });
    expect(choicesFor('smallest', choices)).toEqual({ llm: choices.llm });
    expect(choicesFor('fastest', choices)).toEqual(choices);
  });

  it('know a key from a text', () => {
    expect(['', 'sk-1.a_b~c+d/e=', 'two words', 'naïve', 'x'.repeat(4097)].map(isKey)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('say of every state what it means', () => {
    const states = ['looking', 'found', 'wants-key', 'denied', 'unreachable'] as const;
    const said = states.map((state) => describeServer({ state, offers: [], roundTripMs: 3 }));
    expect(new Set(said).size).toBe(states.length);
    expect(said[1]).toContain('3 ms');
  });
});
