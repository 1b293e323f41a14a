import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { throwIfAborted } from '../../core/errors.ts';
import { fetchFile } from '../../workers/models/fetch-file.ts';
import { listen, sha256Of, stop } from '../support/fake-hub.ts';
import { createMemoryVault } from '../support/memory-vault.ts';
import { aborted, never } from '../support/stage-contract.ts';

const content = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7919) & 0xff));
const sha256 = sha256Of(content);

let server: Server | undefined;
afterEach(async () => {
  if (server) await stop(server);
  server = undefined;
});

interface SetUp {
  ranges: (string | undefined)[];
  waits: number[];
  vault: ReturnType<typeof createMemoryVault>;
  told: number[];
  fetch(signal?: AbortSignal): Promise<void>;
}

/** One file and a server that answers as the listeners say, the last one for good. */
async function setUp(...answers: RequestListener[]): Promise<SetUp> {
  const ranges: SetUp['ranges'] = [];
  const waits: number[] = [];
  const told: number[] = [];
  const vault = createMemoryVault();
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  const url = await listen(server);
  const file = {
    path: 'onnx/model.onnx',
    bytes: content.length,
    sha256,
    repository: 'some/model',
    revision: '1'.repeat(40),
  };
  return {
    ranges,
    waits,
    vault,
    told,
    fetch: (signal = never) =>
      fetchFile(
        {
          file,
          source: { kind: 'hub', url },
          url: `${url}/model.onnx`,
          onBytes: (bytes) => told.push(bytes),
        },
        {
          vault,
          signal,
          stallMs: 200,
          isBlocked: async () => false,
          createHash: async () => {
            const hash = createHash('sha256');
            return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
          },
          async sleep(ms, signal) {
            waits.push(ms);
            throwIfAborted(signal);
          },
        },
      ),
  };
}

/** Sends the file, or from where it was asked. */
const send: RequestListener = (request, response) => {
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, start > 0 ? range : {});
  response.end(content.subarray(start));
};
const sendAll: RequestListener = (_request, response) => response.end(content);
const status =
  (code: number, headers = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end('no');
/** Sends so much and is silent from then on. */
const stall =
  (bytes: number): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes));
  };

describe('[MODEL-7] a file that is fetched', () => {
  it('is sealed once it is whole and right', async () => {
    const { fetch, vault, told } = await setUp(send);
    await fetch();
    expect(vault.sealed).toEqual(new Set([sha256]));
    expect(vault.files.get(sha256)).toEqual(content);
    expect(told.at(-1)).toBe(content.length);
  });

  it('is thrown away when it is longer than it should be, without reading on', async () => {
    const { fetch, vault } = await setUp((_request, response) =>
      response.end(Buffer.concat([content, Buffer.alloc(10_000_000)])),
    );
    await expect(fetch()).rejects.toMatchObject({ code: 'model.corrupt', retryable: false });
    expect(vault.files.size).toBe(0);
  });

  it('is refused when it never comes whole, and its part stays unsealed', async () => {
    const { fetch, vault, waits } = await setUp((_request, response) =>
      response.end(content.subarray(0, 99)),
    );
    await expect(fetch()).rejects.toMatchObject({ code: 'hub.unreachable' });
    expect(waits.length).toBeGreaterThan(0);
    expect(vault.sealed.size).toBe(0);
  });

  it('is a page in its place: missing, by name', async () => {
    const { fetch, vault } = await setUp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
    });
    await expect(fetch()).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('“onnx/model.onnx” of some/model') as string,
    });
    expect(vault.sealed.size).toBe(0);
  });
});

describe('[MODEL-6] a file of which a part is here', () => {
  it('is gone on with, and the part is in the hash', async () => {
    const { fetch, vault, ranges, told } = await setUp(send);
    vault.files.set(sha256, content.subarray(0, 3_700));
    await fetch();
    expect(ranges).toEqual(['bytes=3700-']);
    expect(told[0]).toBe(3_700);
    expect(vault.sealed.has(sha256)).toBe(true);
  });

  it('is not asked for when all of it is here and was only not checked', async () => {
    const { fetch, vault, ranges } = await setUp(send);
    vault.files.set(sha256, content);
    await fetch();
    expect(ranges).toEqual([]);
    expect(vault.sealed.has(sha256)).toBe(true);
  });

  it('is taken from the start where the server knows no ranges', async () => {
    const { fetch, vault } = await setUp(sendAll);
    vault.files.set(sha256, content.subarray(0, 3_700));
    await fetch();
    expect(vault.files.get(sha256)).toEqual(content);
  });

  it('is not taken when it is sent from another byte than asked', async () => {
    const { fetch, vault } = await setUp((_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 1-${content.length - 1}/${content.length}` });
      response.end(content.subarray(1));
    });
    vault.files.set(sha256, content.subarray(0, 3_700));
    await expect(fetch()).rejects.toMatchObject({ code: 'hub.unreachable' });
    expect(vault.files.get(sha256)).toEqual(content.subarray(0, 3_700));
  });

  it.each([
    ['damaged', Buffer.alloc(3_700, 1)],
    ['too long', Buffer.alloc(20_000, 1)],
  ])('is fetched anew where the part is %s', async (_what, part) => {
    const { fetch, vault, ranges } = await setUp(send);
    vault.files.set(sha256, part);
    await fetch();
    expect(ranges.at(-1)).toBeUndefined();
    expect(vault.files.get(sha256)).toEqual(content);
  });

  it('goes on after a connection that brings nothing any more', async () => {
    const { fetch, vault, ranges } = await setUp(stall(3_700), send);
    await fetch();
    expect(ranges).toEqual([undefined, 'bytes=3700-']);
    expect(vault.sealed.has(sha256)).toBe(true);
  });

  it('goes on after a server that does not even answer', async () => {
    const { fetch, ranges } = await setUp(() => {}, send);
    await fetch();
    expect(ranges).toHaveLength(2);
  });

  it('stays when it is stopped', async () => {
    const { fetch, vault } = await setUp(send);
    vault.files.set(sha256, content.subarray(0, 3_700));
    await expect(fetch(aborted())).rejects.toMatchObject({ code: 'aborted' });
    expect(vault.files.get(sha256)).toHaveLength(3_700);
  });
});

describe('[MODEL-9] a server that cannot now', () => {
  it('is asked again after the time that it wishes', async () => {
    const { fetch, waits } = await setUp(status(429, { 'retry-after': '7' }), status(503), send);
    await fetch();
    expect(waits[0]).toBe(7_000);
    expect(waits).toHaveLength(2);
  });

  it('is given up after five waits, each longer than the one before, in words', async () => {
    const { fetch, waits } = await setUp(status(429));
    await expect(fetch()).rejects.toMatchObject({
      code: 'hub.unreachable',
      message: expect.stringContaining('asked too often') as string,
    });
    expect(waits).toHaveLength(5);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  });

  it.each([
    [401, { 'x-error-code': 'GatedRepo' }, 'hub.denied', 'login or a consent'],
    [401, { 'x-error-code': 'RepoNotFound' }, 'model.missing', 'does not have the file'],
    [404, { 'x-error-code': 'RevisionNotFound' }, 'model.missing', 'the revision of some/model'],
    [404, { 'x-error-code': 'EntryNotFound' }, 'model.missing', 'does not have the file'],
    [416, {}, 'hub.unreachable', '(416)'],
  ])('answers %i %j: %s, at once', async (code, headers, expected, words) => {
    const { fetch, waits } = await setUp(status(code, headers));
    await expect(fetch()).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(words) as string,
    });
    expect(waits).toEqual([]);
  });

  it('is not tried again where there is no room', async () => {
    const { fetch, vault, waits } = await setUp(send);
    vault.capacityBytes = 5_000;
    await expect(fetch()).rejects.toMatchObject({ code: 'storage.full' });
    expect(waits).toEqual([]);
  });
});
