import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeServiceWorker } from '../../tools/service-worker.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-build-'));
  put('index.html', '<!doctype html><title>Parley</title>');
  put('assets/index-a1b2.js', 'export {};');
  put('assets/index-a1b2.js.gz', 'packed');
  put('assets/llm.worker-c3d4.js', 'x'.repeat(2_000_001));
  put('icons/icon-192.png', 'icon');
  put('icons/screenshot-wide.png', 'picture');
  put('runtime/ort-1.31/ort.wasm', 'wasm');
  put('models/starter/chat/config.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const buildName = () => /parley-build" content="([0-9a-f]{16})"/.exec(read('index.html'))?.[1];
const integrity = (path: string) => `sha256-${createHash('sha256').update(read(path)).digest('base64')}`;

/** What the script would fetch at its installation, and which name its cache would have. */
async function install(): Promise<{ cache: string; fetched: Record<string, string> }> {
  const listeners = new Map<string, (event: unknown) => void>();
  const fetched: Record<string, string> = {};
  let cache = '';
  const self = {
    addEventListener: (type: string, listener: (event: unknown) => void) => listeners.set(type, listener),
  };
  const open = async (name: string) => {
    if (name !== 'parley-kept') cache = name;
    return { put: async () => {}, match: async () => undefined, keys: async () => [] };
  };
  const fetch = async (url: string, init: { integrity?: string }) => {
    if (init.integrity) fetched[url] = init.integrity;
    return { ok: true, json: async () => ({}) };
  };
  runInNewContext(read('sw.js'), {
    self,
    caches: { open, delete: async () => true },
    fetch,
    Promise,
    Map,
    Set,
    URL,
  });
  let installed: Promise<unknown> = Promise.resolve();
  listeners.get('install')?.({ waitUntil: (work: Promise<unknown>) => (installed = work) });
  await installed;
  return { cache, fetched };
}

describe('the service worker of a build', () => {
  it('[PWA-3] takes the page and its files by their hashes, and neither runtimes, models, packed copies nor large scripts', async () => {
    await writeServiceWorker(root);
    expect(await install()).toEqual({
      cache: `parley-shell-${buildName()}`,
      fetched: {
        '/': integrity('index.html'),
        '/assets/index-a1b2.js': integrity('assets/index-a1b2.js'),
        '/icons/icon-192.png': integrity('icons/icon-192.png'),
      },
    });
  });

  it('knows its large scripts by name', async () => {
    await writeServiceWorker(root);
    expect(read('sw.js')).toContain('"large":["/assets/llm.worker-c3d4.js"]');
    expect(read('sw.js')).toContain('"runtimes":["/runtime/ort-1.31/ort.wasm"]');
  });

  it('is the same for the same files, and another for another byte', async () => {
    await writeServiceWorker(root);
    const first = buildName();
    await writeServiceWorker(root);
    expect(buildName()).toBe(first);
    expect(read('index.html').match(/parley-build/g)).toHaveLength(1);
    put('icons/icon-192.png', 'another icon');
    await writeServiceWorker(root);
    expect(buildName()).not.toBe(first);
    expect((await install()).cache).toBe(`parley-shell-${buildName()}`);
  });

  it('[PWA-6] comes with a script that removes it', async () => {
    await writeServiceWorker(root);
    expect(read('sw-remove.js')).toContain('unregister');
    expect(read('sw-remove.js')).not.toContain('"fetch"');
  });
});
