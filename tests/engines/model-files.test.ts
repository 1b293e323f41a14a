import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchModelFile, registerLoad } from '../../engines/model-files.ts';
import type { OpenLoad } from '../../engines/model-files.ts';
import { never } from '../support/stage-contract.ts';

const content = Buffer.from('{"vocabulary": 7}');
const sha256 = createHash('sha256').update(content).digest('hex');

/** Serves `body` for every file but what the browser has kept, and registers a load that knows config.json. */
function serve(body: Buffer, kept = body): { load: OpenLoad; fetched: string[] } {
  const fetched: string[] = [];
  vi.stubGlobal('location', { href: 'http://localhost/' });
  vi.stubGlobal('fetch', async (url: string, { cache }: RequestInit) => {
    fetched.push(url);
    return new Response(new Uint8Array(cache === 'reload' ? body : kept));
  });
  const load: OpenLoad = {
    path: '/models/a/b',
    model: { name: 'Chat', modelId: 'a/b' },
    hashes: new Map([['config.json', sha256]]),
    signal: never,
    report: () => {},
  };
  unregister = registerLoad(load);
  return { load, fetched };
}

let unregister = (): unknown => undefined;
afterEach(() => {
  unregister();
  vi.unstubAllGlobals();
});

describe('the files of a model', () => {
  it('are taken when their hash is that of the catalogue', async () => {
    serve(content);
    const response = (await fetchModelFile('/models/a/b/config.json')) as Response;
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  });

  it('are refused for a single flipped bit, in words with the name of the file', async () => {
    const flipped = Buffer.from(content);
    flipped.writeUInt8(flipped.readUInt8(3) ^ 1, 3);
    const { load } = serve(flipped);
    await expect(fetchModelFile('/models/a/b/config.json')).rejects.toMatchObject({ code: 'model.corrupt' });
    expect(load.failure).toMatchObject({
      code: 'model.corrupt',
      message: expect.stringMatching(/"config.json" of Chat.*public\/models\/a\/b/) as string,
    });
  });

  it('are fetched anew when the browser has kept those of an earlier model', async () => {
    const { fetched } = serve(content, Buffer.from('{"vocabulary": 6}'));
    const response = (await fetchModelFile('/models/a/b/config.json')) as Response;
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
    expect(fetched).toHaveLength(2);
  });

  it('are those of the catalogue and no others', async () => {
    const { fetched } = serve(content);
    expect(await fetchModelFile('/models/a/b/extra.json')).toMatchObject({ status: 404 });
    expect(fetched).toEqual([]);
  });

  it('are parsed unhashed where the browser cannot hash', async () => {
    serve(content);
    vi.stubGlobal('crypto', {});
    expect(await fetchModelFile('/models/a/b/config.json')).toMatchObject({ status: 200 });
  });
});
