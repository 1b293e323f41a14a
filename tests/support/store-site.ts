import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { parseListing } from '../../core/models/listing.ts';
import type { ListedModel } from '../../core/models/listing.ts';
import { createApp } from '../../server/app.ts';
import { sha256Of, startFakeHub } from './fake-hub.ts';
import type { FakeHub } from './fake-hub.ts';

/** A model that no engine can load, with files to fetch. */
export const DUMMY = 'test/dummy-model';
export const DUMMY_NAME = 'Dummy';

export interface StoreSite {
  url: string;
  hub: FakeHub;
  /** Of the dummy's large file. */
  bytes: number;
  sha256: string;
  close(): Promise<void>;
}

interface SiteOptions {
  largeBytes: number;
  /** Whether the page may ask the hub; it may by default. */
  hubAllowed?: boolean;
  /** The same of where the hub redirects to. */
  redirectAllowed?: boolean;
  /** Whether the site has the dummy itself. */
  served?: boolean;
  revision?: string;
}

/** The real server on the real build, with one more model in the catalogue, and the hub that has it. */
export async function startStoreSite(options: SiteOptions): Promise<StoreSite> {
  const files = {
    'config.json': '{"model_type": "dummy"}',
    'onnx/model.onnx': noise(options.largeBytes),
  };
  const hub = await startFakeHub();
  const revision = hub.commit(DUMMY, files);
  const modelsDir = mkdtempSync(join(tmpdir(), 'parley-store-'));
  const listing = parseListing(JSON.parse(readFileSync('public/models/catalog.json', 'utf8')));
  listing.models.push(dummyModel(files, options.revision ?? revision));
  writeFileSync(join(modelsDir, 'catalog.json'), JSON.stringify(listing));
  symlinkSync(`${process.cwd()}/public/models/starter`, join(modelsDir, 'starter'));
  for (const [path, content] of options.served === true ? Object.entries(files) : []) {
    const file = join(modelsDir, DUMMY, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const app = await createApp({
    pageDir: `${process.cwd()}/dist/`,
    modelsDir,
    modelSources: [
      ...(options.hubAllowed === false ? [] : [hub.url]),
      ...(options.redirectAllowed === false ? [] : [hub.cdnUrl]),
    ],
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    hub,
    bytes: options.largeBytes,
    sha256: sha256Of(files['onnx/model.onnx']),
    async close() {
      await Promise.all([app.close(), hub.close()]);
      rmSync(modelsDir, { recursive: true });
    },
  };
}

function dummyModel(files: Record<string, string | Buffer>, revision: string): ListedModel {
  return {
    id: DUMMY,
    stages: ['tts'],
    name: DUMMY_NAME,
    engine: 'supertonic',
    licence: 'Apache-2.0',
    languages: ['en'],
    source: { repository: DUMMY, revision },
    prefers: 'wasm',
    quality: 'demo',
    speed: 'fast',
    variants: [
      {
        device: 'wasm',
        dtype: 'q8',
        needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
        served: false,
        files: Object.entries(files).map(([path, content]) => ({
          path,
          bytes: content.length,
          sha256: sha256Of(content),
        })),
      },
    ],
  };
}

/** Bytes that do not repeat within a file of a test, the same each time. */
function noise(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  let state = 1;
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    content.writeUInt32LE(state, at);
  }
  return content;
}

/** The models' dialog, in a page that takes models from the site's hub unless told otherwise. */
export async function openModels(
  page: Page,
  site: StoreSite,
  source: object = mirror(site),
): Promise<Locator> {
  const settings = JSON.stringify({ version: 1, modelSource: source });
  await page.addInitScript((stored) => localStorage.setItem('parley.settings', stored), settings);
  await page.goto(site.url);
  return showModels(page);
}

export async function showModels(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  return page.getByRole('dialog', { name: 'Models' }).getByRole('region', { name: DUMMY_NAME });
}

export function mirror({ hub }: StoreSite): object {
  return { kind: 'mirror', mirrorUrl: hub.url };
}

/** What lies in the page's file storage: names of files and their sizes. */
export async function storedFiles(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('models', { create: true });
    const sizes: Record<string, number> = {};
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'file') sizes[name] = (await handle.getFile()).size;
    }
    return sizes;
  });
}

/** SHA-256 of a file as it lies there, counted anew. */
export async function hashOfStored(page: Page, name: string): Promise<string> {
  return page.evaluate(async (wanted) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('models');
    const file = await (await folder.getFileHandle(wanted)).getFile();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, name);
}
