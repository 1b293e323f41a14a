import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWelcome } from '../../core/protocol/server-header.ts';
import { createApp } from '../../server/app.ts';

const root = mkdtempSync(join(tmpdir(), 'parley-server-'));
let app: FastifyInstance;

function put(path: string, content: string | Buffer): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

beforeAll(async () => {
  put('secret.txt', 'the secret');
  put('dist/index.html', '<!doctype html><title>Parley</title>');
  put('dist/assets/index-a1b2.js', 'export {};');
  put('dist/assets/index-a1b2.js.gz', gzipSync('export {};'));
  put('dist/assets/index-a1b2.css', 'body {}');
  put('dist/runtime/ort-1.31/ort.wasm', 'wasm');
  put('dist/runtime/ort-1.31/ort.mjs', 'export {};');
  put('dist/models/starter/recogniser/config.json', 'a stale copy');
  put('dist/sw.js', 'addEventListener("fetch", () => {})');
  put('dist/sw-remove.js', 'registration.unregister()');
  put('dist/manifest.webmanifest', '{}');
  put('dist/.env', 'KEY=1');
  put('models/starter/recogniser/config.json', '{}');
  put('models/starter/recogniser/onnx/encoder_model.onnx', Buffer.from('0123456789'));
  app = await createApp({ pageDir: join(root, 'dist'), modelsDir: join(root, 'models') });
});

it('[PLACE-14] a server without models of its own says nothing of any', async () => {
  const { headers } = await app.inject('/');
  expect(readWelcome({ get: (name) => (headers[name] as string | undefined) ?? null })).toBeUndefined();
  expect(readWelcome(new Headers({ 'parley-server': 'open' }))).toBe('open');
  expect(readWelcome(new Headers({ 'parley-server': 'wide open' }))).toBeUndefined();
});

afterAll(async () => {
  await app.close();
  rmSync(root, { recursive: true });
});

describe('the page', () => {
  it('comes with the headers that isolate it and forbid foreign code', async () => {
    const { headers, statusCode } = await app.inject('/');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('microphone=(self)'),
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });

  it('[MODEL-14] may ask the sources of models that the server was told of, for connections only', async () => {
    const told = await createApp({
      pageDir: join(root, 'dist'),
      modelsDir: join(root, 'models'),
      modelSources: ['https://models.example.org'],
    });
    for (const url of ['/', '/assets/index-a1b2.js']) {
      const policy = String((await told.inject(url)).headers['content-security-policy']).split('; ');
      expect(policy).toContain("connect-src 'self' https://models.example.org");
      expect(policy.filter((directive) => directive.includes('example.org'))).toHaveLength(1);
    }
    await told.close();
  });

  it('is the same page to a browser that takes compressed files', async () => {
    const answer = await app.inject({ url: '/', headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('Parley');
    expect(answer.headers['content-security-policy']).toContain('trusted-types default');
  });

  it('is asked for again each time, and answered 304 when it has not changed', async () => {
    const first = await app.inject('/index.html');
    expect(first.headers['cache-control']).toBe('no-cache');
    const etag = String(first.headers.etag);
    const second = await app.inject({ url: '/', headers: { 'if-none-match': etag } });
    expect(second.statusCode).toBe(304);
  });

  it.each(['/assets/index-a1b2.js', '/assets/index-a1b2.css', '/runtime/ort-1.31/ort.wasm'])(
    'keeps %s for a year',
    async (url) => {
      expect((await app.inject(url)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    },
  );

  it.each([
    ['/assets/index-a1b2.js', /^text\/javascript|^application\/javascript/],
    ['/assets/index-a1b2.css', /^text\/css/],
    ['/runtime/ort-1.31/ort.wasm', /^application\/wasm$/],
    ['/runtime/ort-1.31/ort.mjs', /^text\/javascript|^application\/javascript/],
    ['/models/starter/recogniser/config.json', /^application\/json/],
    ['/models/starter/recogniser/onnx/encoder_model.onnx', /^application\/octet-stream$/],
  ])('serves %s with its type', async (url, type) => {
    expect((await app.inject(url)).headers['content-type']).toMatch(type);
  });
});

describe('the service worker', () => {
  it('is asked for again each time, as the manifest is', async () => {
    for (const url of ['/sw.js', '/manifest.webmanifest'])
      expect(await app.inject(url)).toMatchObject({ headers: { 'cache-control': 'no-cache' } });
    expect((await app.inject('/sw.js')).body).toContain('fetch');
  });

  it('comes as a script under the policy of scripts, and the manifest as one', async () => {
    const { headers } = await app.inject('/sw.js');
    expect(headers['content-type']).toMatch(/javascript/);
    expect(headers['content-security-policy']).toContain("connect-src 'self'");
    expect(headers['content-security-policy']).not.toContain('trusted-types');
    expect((await app.inject('/manifest.webmanifest')).headers['content-type']).toMatch(
      /^application\/manifest\+json/,
    );
  });

  it('[PWA-6] can be taken back: what removes it stands in its place', async () => {
    const removing = await createApp({
      pageDir: join(root, 'dist'),
      modelsDir: join(root, 'models'),
      removeServiceWorker: true,
    });
    const { body, headers } = await removing.inject('/sw.js');
    expect(body).toBe('registration.unregister()');
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': expect.stringMatching(/javascript/),
      'cross-origin-embedder-policy': 'require-corp',
    });
    await removing.close();
  });
});

describe('a compressed script', () => {
  const url = '/assets/index-a1b2.js';

  it('goes to a browser that takes it, as the same kind of file', async () => {
    const { headers, rawPayload } = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringMatching(/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-embedder-policy': 'require-corp',
      vary: 'accept-encoding',
    });
    expect(gunzipSync(rawPayload).toString()).toBe('export {};');
  });

  it('need not exist', async () => {
    const answer = await app.inject({
      url: '/runtime/ort-1.31/ort.wasm',
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body).toBe('wasm');
  });

  it('is sent plain to any other', async () => {
    const { headers, body } = await app.inject(url);
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['vary']).toBe('accept-encoding');
    expect(body).toBe('export {};');
  });
});

describe('what is not there', () => {
  it.each([
    '/models/starter/recogniser/missing.json',
    '/assets/missing.js',
    '/runtime/missing.wasm',
    '/talk',
    '/assets/',
    '/models/',
    '/.env',
  ])('answers 404 for %s, with the same protection and never the page', async (url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toBe('Not found\n');
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(answer.headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(answer.headers['cache-control']).toBeUndefined();
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/models/../secret.txt',
    '/models/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/models/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/models/..%5csecret.txt',
    '/models/%00/secret.txt',
    '//secret.txt',
    '/%E0%A4%A',
  ])('gives nothing outside its folders to %s', async (url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.body).not.toContain('the secret');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)('answers 404 to %s', async (method) => {
    expect((await app.inject({ method, url: '/' })).statusCode).toBe(404);
  });

  it('starts without a build and without models, and answers 404', async () => {
    const empty = await createApp({ pageDir: join(root, 'none'), modelsDir: join(root, 'none') });
    expect((await empty.inject('/')).statusCode).toBe(404);
    expect((await empty.inject('/models/catalog.json')).statusCode).toBe(404);
    await empty.close();
  });
});

describe('a model file', () => {
  const url = '/models/starter/recogniser/onnx/encoder_model.onnx';

  it('comes from public/models, not from a copy in the build', async () => {
    expect((await app.inject('/models/starter/recogniser/config.json')).body).toBe('{}');
  });

  it('is checked for change at each load', async () => {
    const { headers } = await app.inject(url);
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['etag']).toBeTruthy();
  });

  it('tells its size without being sent', async () => {
    const answer = await app.inject({ method: 'HEAD', url });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-length']).toBe('10');
    expect(answer.body).toBe('');
  });

  it('can be resumed in the middle', async () => {
    const answer = await app.inject({ url, headers: { range: 'bytes=4-' } });
    expect(answer.statusCode).toBe(206);
    expect(answer.headers['content-range']).toBe('bytes 4-9/10');
    expect(answer.body).toBe('456789');
  });

  it('refuses a range beyond its end', async () => {
    const answer = await app.inject({ url, headers: { range: 'bytes=99-' } });
    expect(answer.statusCode).toBe(416);
  });
});
