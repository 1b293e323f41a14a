import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchAsset } from '../../engines/read-asset.ts';
import type { LoadProgress } from '../../core/stages/stage.ts';
import { aborted, never } from '../support/stage-contract.ts';

describe('fetching a file of an engine', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/voice.data') {
        response.setHeader('content-length', 300_000);
        response.end(Buffer.alloc(300_000, 7));
      } else if (request.url === '/index.data') {
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html>');
      } else if (request.url === '/broken.data') {
        response.setHeader('content-length', 300_000);
        response.write(Buffer.alloc(1_000));
        setImmediate(() => response.destroy());
      } else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('gives all bytes and tells of each part', async () => {
    const steps: LoadProgress[] = [];
    const bytes = await fetchAsset(`${url}/voice.data`, (step) => steps.push(step), never);
    expect(bytes).toHaveLength(300_000);
    expect(bytes.every((byte) => byte === 7)).toBe(true);
    expect(steps.at(-1)).toEqual({ file: 'voice.data', loadedBytes: 300_000, totalBytes: 300_000 });
  });

  it.each(['missing.data', 'index.data', 'broken.data'])(
    'names %s when it is missing, a page in its place, or cut off',
    async (file) => {
      await expect(fetchAsset(`${url}/${file}`, () => {}, never)).rejects.toMatchObject({
        code: 'model.missing',
        retryable: true,
        message: expect.stringContaining(file) as string,
      });
    },
  );

  it('names the file when there is no server', async () => {
    await expect(fetchAsset('http://127.0.0.1:1/voice.data', () => {}, never)).rejects.toMatchObject({
      code: 'model.missing',
    });
  });

  it('rejects with `aborted` when the signal has fired', async () => {
    await expect(fetchAsset(`${url}/voice.data`, () => {}, aborted())).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
