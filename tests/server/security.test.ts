import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { signToken } from '../support/bad-input.ts';
import { scriptedEngines } from '../support/scripted-engines.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-keys-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

const secret = 'a secret of more than thirty-two characters';
const inAnHour = Math.floor(Date.now() / 1000) + 3600;
const claims = { sub: 'anna', aud: 'parley', iss: 'home', exp: inAnHour };

function get({ url }: Companion, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

/** The status or the close code that a socket ends with; `open` where it opens. */
function socketOf(
  { url }: Companion,
  headers: Record<string, string> = {},
  path = '/v1/realtime',
  protocols: string[] = [],
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, { headers });
  const outcome = new Promise<number | 'open'>((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_asked, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
  return { socket, outcome, closed: new Promise<number>((resolve) => socket.on('close', resolve)) };
}

describe('a server on an address that others can reach', () => {
  let server: Companion;
  beforeAll(async () => {
    server = await openCompanion({
      engines: scriptedEngines(),
      config: {
        host: '0.0.0.0',
        dataDir,
        origins: ['https://app.example'],
        jwt: { secretEnv: 'SECRET', audience: 'parley', issuer: 'home' },
      },
      env: { SECRET: secret },
    });
  });
  afterAll(() => server.close());
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('[SRV-12] makes a key at its first start, keeps only its hash, and makes no other at the next', async () => {
    const file = join(dataDir, 'keys.json');
    expect(server.newKey).toMatch(/^parley_[\w-]{43}$/);
    expect(readFileSync(file, 'utf8')).not.toContain(server.newKey);
    expect(statSync(file).mode & 0o077).toBe(0);
    const again = await openCompanion({ engines: scriptedEngines(), config: { host: '0.0.0.0', dataDir } });
    expect(again.newKey).toBeUndefined();
    expect(await get(again, '/v1/models', bearer(server.newKey!))).toBe(200);
    await again.close();
  });

  it('[SRV-12] opens its doors to the key and to a token, and is ill or well for anybody', async () => {
    expect(await get(server, '/v1/models', bearer(server.newKey!))).toBe(200);
    expect(await get(server, '/v1/models', bearer(signToken(claims, secret)))).toBe(200);
    expect((await server.client.models.list()).data).toHaveLength(3);
    expect(await get(server, '/api/v1/health')).toBe(200);
    expect(await get(server, '/api/v1/ready')).toBe(200);
  });

  const { exp: _exp, ...endless } = claims;
  const { sub: _sub, ...nobody } = claims;
  it.each([
    ['no key', {}],
    ['an empty key', { authorization: 'Bearer ' }],
    ['another key', bearer('parley_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')],
    ['a password', { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }],
    ['a key that is too long', bearer('x'.repeat(5000))],
    ['an expired token', bearer(signToken({ ...claims, exp: inAnHour - 7200 }, secret))],
    ['a token that is not valid yet', bearer(signToken({ ...claims, nbf: inAnHour }, secret))],
    ['a token without an end', bearer(signToken(endless, secret))],
    ['a token for nobody', bearer(signToken(nobody, secret))],
    ['a token for another server', bearer(signToken({ ...claims, aud: 'other' }, secret))],
    ['a token from elsewhere', bearer(signToken({ ...claims, iss: 'evil' }, secret))],
    ['a forged token', bearer(signToken(claims, 'another secret of thirty-two characters'))],
    [
      'an unsigned token',
      bearer(`${signToken(claims, '', { alg: 'none' }).split('.').slice(0, 2).join('.')}.`),
    ],
    ['a token that names its algorithm none', bearer(signToken(claims, secret, { alg: 'none' }))],
    ['a token by another algorithm', bearer(signToken(claims, secret, { alg: 'HS512' }))],
    [
      'a token that brings its own key',
      bearer(signToken(claims, 'x', { alg: 'HS256', jwk: { kty: 'oct', k: 'eA' } })),
    ],
  ])('[SRV-12] keeps its doors shut to %s', async (_name, headers) => {
    for (const path of ['/v1/models', '/api/v1/metrics', '/api/v1/config', '/api/v1/openapi.json'])
      expect(await get(server, path, headers)).toBe(401);
    expect(await socketOf(server, headers).outcome).toBe(401);
  });

  it('[PLACE-14] says with every answer that it asks for one', async () => {
    const paths = ['/models/catalog.json', '/api/v1/health', '/api/v1/capabilities', '/nothing'];
    const answers = await Promise.all(paths.map((path) => fetch(server.url + path)));
    expect(answers.map(({ headers }) => headers.get('parley-server'))).toEqual(paths.map(() => 'key'));
  });

  it('[SRV-12] does not take a key out of an address', async () => {
    expect(await get(server, `/v1/models?key=${server.newKey}&access_token=${server.newKey}`)).toBe(401);
  });

  it('[SRV-12] takes the key of a socket from its header, or as browsers send it', async () => {
    const native = socketOf(server, bearer(server.newKey!));
    expect(await native.outcome).toBe('open');
    native.socket.close();
    const browser = socketOf(server, {}, '/v1/realtime', [
      'realtime',
      `openai-insecure-api-key.${server.newKey}`,
    ]);
    expect(await browser.outcome).toBe('open');
    expect(browser.socket.protocol).toBe('realtime');
    browser.socket.close();
  });

  it('[SRV-12] lets pages of listed sites read its answers, and no others', async () => {
    const headers = { origin: 'https://app.example', authorization: `Bearer ${server.newKey}` };
    const answer = await fetch(`${server.url}/v1/models`, { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const preflight = (origin: string) =>
      fetch(`${server.url}/v1/chat/completions`, { method: 'OPTIONS', headers: { origin } });
    expect((await preflight('https://app.example')).status).toBe(204);
    expect((await preflight('https://evil.example')).status).toBe(404);
    expect(await get(server, '/v1/models', { ...headers, origin: 'https://evil.example' })).toBe(403);
  });

  it('[SRV-12] does not start with keys that cannot be read, or a short secret', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'parley-keys-'));
    writeFileSync(join(broken, 'keys.json'), '[{"id":1}]');
    await expect(
      openCompanion({ engines: scriptedEngines(), config: { host: '0.0.0.0', dataDir: broken } }),
    ).rejects.toThrow('keys.json');
    const jwt = { secretEnv: 'SECRET', audience: 'a', issuer: 'b' };
    await expect(
      openCompanion({
        engines: scriptedEngines(),
        config: { dataDir: join(dataDir, 'short'), jwt },
        env: { SECRET: 'short' },
      }),
    ).rejects.toThrow('SECRET must hold');
    rmSync(broken, { recursive: true });
  });
});

describe('a server on this machine alone', () => {
  let server: Companion;
  afterEach(() => server.close());

  it('[SRV-12] asks for no key and makes none', async () => {
    const folder = join(dataDir, 'none');
    server = await openCompanion({ engines: scriptedEngines(), config: { dataDir: folder } });
    expect(await get(server, '/v1/models')).toBe(200);
    expect(server.newKey).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without a site', { origin: 'null' }],
    ['a page at another port', { origin: 'http://127.0.0.1:1' }],
    ['a name that points here', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('[SRV-12] opens no socket to %s', async (_name, headers) => {
    server = await openCompanion({ engines: scriptedEngines() });
    expect(await socketOf(server, headers).outcome).toBe(403);
  });

  it.each([
    ['another path', '/v1/other', 404],
    ['another model', '/v1/realtime?model=gpt-realtime', 404],
  ])('[SRV-11] opens no socket for %s', async (_name, path, status) => {
    server = await openCompanion({ engines: scriptedEngines() });
    expect(await socketOf(server, {}, path).outcome).toBe(status);
  });

  it('[SRV-11] ends a socket that sends too much or no text, and the others live', async () => {
    server = await openCompanion({ engines: scriptedEngines() });
    const [quiet, binary, large] = [socketOf(server), socketOf(server), socketOf(server)];
    for (const { outcome } of [quiet, binary, large]) expect(await outcome).toBe('open');
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed).toBe(1003);
    large.socket.send('x'.repeat(3_000_000));
    expect(await large.closed).toBe(1009);
    const answered = new Promise<string>((resolve) =>
      quiet.socket.on('message', (data: Buffer) => resolve(data.toString())),
    );
    quiet.socket.send('{"type":"input_audio_buffer.clear"}');
    expect(await answered).toMatch(/session.created|input_audio_buffer.cleared/);
    quiet.socket.close();
    await quiet.closed;
  });

  it('[SRV-6] takes so many sessions and so many requests', async () => {
    const { limits } = readConfig({});
    server = await openCompanion({
      engines: scriptedEngines(),
      config: { limits: { ...limits, sessions: 1, requestsPerMinute: 3 } },
    });
    const first = socketOf(server);
    expect(await first.outcome).toBe('open');
    expect(await socketOf(server).outcome).toBe(429);
    first.socket.close();
    const statuses = [];
    for (let each = 0; each < 5; each++) statuses.push(await get(server, '/v1/models'));
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await expect(server.client.models.list()).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    });
  });

  it('[SRV-6] answers 429 with a time to come back when an engine is busy', async () => {
    const held = Promise.withResolvers<void>();
    const engines = scriptedEngines(async function* () {
      await held.promise;
      yield 'Good day.';
    });
    server = await openCompanion({ engines });
    const ask = () =>
      server.client.chat.completions.create({
        model: 'parley',
        messages: [{ role: 'user', content: 'Hello.' }],
      });
    const waiting = Array.from({ length: 17 }, ask);
    await expect.poll(() => engines.gates.llm.waiting()).toBe(16);
    const refused = await ask().catch(
      (error: unknown) => error as { status: number; headers: Headers; code: string },
    );
    expect(refused).toMatchObject({ status: 429, code: 'server.busy' });
    expect(Number((refused as { headers: Headers }).headers.get('retry-after'))).toBeGreaterThan(0);
    held.resolve();
    await Promise.all(waiting);
  });

  it('[SRV-13] ends what is in flight before it stops', async () => {
    const begun = Promise.withResolvers<void>();
    const engines = scriptedEngines(async function* () {
      begun.resolve();
      yield 'Good ';
      await delay(200);
      yield 'day.';
    });
    server = await openCompanion({ engines });
    const answer = server.client.chat.completions.create({
      model: 'parley',
      messages: [{ role: 'user', content: 'Hi.' }],
    });
    await begun.promise;
    const closing = server.close();
    expect((await answer).choices[0]?.message.content).toBe('Good day.');
    await closing;
    await expect(get(server, '/api/v1/ready')).rejects.toThrow('ECONNREFUSED');
    server = await openCompanion({ engines: scriptedEngines() });
  });

  it('[SRV-13] describes its doors and counts what goes through them, without a word of it', async () => {
    const lines: string[] = [];
    const log = { level: 'info', stream: { write: (line: string) => void lines.push(line) } };
    server = await openCompanion({ log });
    const spoken = await server.client.audio.speech.create({
      model: 'parley',
      voice: 'en-us',
      input: 'Rhododendron.',
    });
    await spoken.arrayBuffer();
    const api = async (path: string) =>
      (await fetch(`${server.url}/api/v1/${path}`)).json() as Promise<Record<string, unknown>>;
    expect(await api('config')).toEqual({
      version: 1,
      asksForKey: false,
      openAi: '/v1',
      realtime: '/v1/realtime',
    });
    expect(await api('capabilities')).toMatchObject({
      stages: {
        stt: { model: 'starter/recogniser', remote: false },
        llm: { waiting: 0, delayMs: null },
        tts: { model: 'espeak-ng', delayMs: expect.any(Number) },
      },
    });
    expect(await api('health')).toMatchObject({
      status: 'ok',
      engines: expect.arrayContaining([{ name: 'The voice', state: 'running', deaths: 0 }]),
    });
    const { openapi, paths } = (await api('openapi.json')) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/chat/completions',
        '/v1/audio/speech',
        '/v1/audio/transcriptions',
        '/api/v1/metrics',
      ]),
    );
    expect(JSON.stringify(paths['/v1/chat/completions'])).toContain('input_audio');
    const metrics = await (await fetch(`${server.url}/api/v1/metrics`)).text();
    expect(metrics).toContain('parley_stage_calls_total{stage="tts",outcome="ok"} 1');
    expect(metrics).toContain('parley_engine_up{engine="The voice"} 1');
    expect(metrics).toContain('route="/v1/audio/speech",status="200"');
    expect(metrics).not.toContain('Rhododendron');
    expect(lines.join('')).toContain('/v1/audio/speech');
    expect(lines.join('')).not.toMatch(/Rhododendron|unused/);
    expect(lines.join('')).toContain(spoken.headers.get('x-request-id'));
  });
});
