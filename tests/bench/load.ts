/**
 * A dummy model of 200 MB on its way into the page: from a mirror into the page's storage, checked, and from there into
 * the thread of an engine, in Chromium with a profile on disk.
 *
 * Cold start is from the opening of the page to the file in the engine's hands with nothing kept, warm start the same
 * with the file kept. Peak memory is that of all processes of the browser (anonymous and shared pages, sampled every 50 ms)
 * over what it was before, for the whole cold start. Throughput is that of the store against a plain `fetch` of the same
 * address, in turns: over a line of 1 Gbit/s, and without any limit on loopback, where the hash is what limits.
 *
 * Options: --json. The store in files (OPFS) is compared with Cache storage, both without the hash.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { createApp } from '../../server/app.ts';
import { launchOptions } from '../support/chromium.ts';
import { listen, stop } from '../support/fake-hub.ts';
import type { LoadTask } from '../support/pages/load.worker.ts';
import { createLineServer } from './line-server.ts';
import { watchMemory } from './memory.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

const BYTES = 200_000_000;
const GIGABIT = 125_000_000;
const ROUNDS = 5;
const PAGE = 'tests/support/pages/load.html';

const folder = mkdtempSync(join(tmpdir(), 'parley-load-'));
const profile = join(folder, 'profile');
const content = randomBytes(BYTES);
const line = createLineServer(content);
const mirror = await listen(line.server);
writeFileSync(join(folder, 'catalog.json'), JSON.stringify(listingOf(content)));
await build({
  configFile: false,
  logLevel: 'error',
  worker: { format: 'es' },
  build: { outDir: join(folder, 'dist'), target: 'esnext', rolldownOptions: { input: PAGE } },
});
const app = await createApp({
  pageDir: join(folder, 'dist'),
  modelsDir: folder,
  modelSources: [mirror],
});
const site = await app.listen({ port: 0, host: '127.0.0.1' });
const context = await chromium.launchPersistentContext(profile, launchOptions());
const page = await context.newPage();

try {
  await open(page);
  const peakRatio = await measurePeak(page);
  const coldMs = await median(() => startCold(page));
  const warmMs = await median(async () => {
    const startMs = performance.now();
    await open(page);
    await page.evaluate(() => window.load.use());
    return performance.now() - startMs;
  });
  line.setSpeed(GIGABIT);
  const gigabit = await compareThroughput(page);
  line.setSpeed(Infinity);
  const loopback = await compareThroughput(page);
  const compare = (kind: Exclude<LoadTask['kind'], 'use'>) =>
    median(() => page.evaluate((which) => window.load.compare(which), kind));
  const storage = {
    opfs_write_ms: await compare('opfs put'),
    opfs_read_ms: await compare('opfs read'),
    cache_write_ms: await compare('cache put'),
    cache_read_ms: await compare('cache read'),
  };
  report(
    `Loading a model of 200 MB, Chromium on this machine`,
    [
      ['cold start, no limit on the line', `${coldMs} ms`],
      ['warm start from storage', `${warmMs} ms`],
      ['peak memory over its size (goal 1.3)', String(peakRatio)],
      ['throughput to plain fetch at 1 Gbit/s (goal 0.9)', describe(gigabit)],
      ['the same with no limit on the line', describe(loopback)],
      ['write, read in OPFS, not hashed', `${storage.opfs_write_ms} ms, ${storage.opfs_read_ms} ms`],
      ['write, read in Cache storage', `${storage.cache_write_ms} ms, ${storage.cache_read_ms} ms`],
    ],
    {
      cold_ms: coldMs,
      warm_ms: warmMs,
      peak_ratio: peakRatio,
      throughput_ratio: gigabit.ratio,
      throughput_ratio_unlimited: loopback.ratio,
      ...storage,
    },
  );
} finally {
  await context.close();
  await Promise.all([app.close(), stop(line.server)]);
  rmSync(folder, { recursive: true });
}

async function open(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${site}/${PAGE}#${encodeURIComponent(mirror)}`);
  await page.waitForFunction(() => 'load' in window);
}

/** From the opening of the page to the model in the engine's hands, with nothing kept before. */
async function startCold(page: Page): Promise<number> {
  await page.evaluate(() => window.load.forget());
  const startMs = performance.now();
  await open(page);
  await page.evaluate(() => window.load.keep());
  await page.evaluate(() => window.load.use());
  return performance.now() - startMs;
}

/** Apart from the times: looking at the memory of all processes takes the server's time. */
async function measurePeak(page: Page): Promise<number> {
  const memory = watchMemory(`--user-data-dir=${profile}`);
  const before = memory.now();
  await startCold(page);
  return round((memory.stop() - before) / BYTES);
}

interface Throughput {
  ratio: number;
  storeMbps: number;
  plainMbps: number;
}

/** In turns, so that whatever else the machine does meets both. */
async function compareThroughput(page: Page): Promise<Throughput> {
  const plain: number[] = [];
  const store: number[] = [];
  for (let count = 0; count < ROUNDS; count += 1) {
    plain.push(await page.evaluate(() => window.load.compare('plain')));
    await page.evaluate(() => window.load.forget());
    store.push(await page.evaluate(() => window.load.keep()));
  }
  const [plainMs, storeMs] = [quantile(plain, 0.5), quantile(store, 0.5)];
  const mbps = (ms: number): number => Math.round(BYTES / ms / 1000);
  return { ratio: round(plainMs / storeMs), storeMbps: mbps(storeMs), plainMbps: mbps(plainMs) };
}

function describe({ ratio, storeMbps, plainMbps }: Throughput): string {
  return `${ratio} (${storeMbps} of ${plainMbps} MB/s)`;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let count = 0; count < ROUNDS; count += 1) values.push(await measure());
  return Math.round(quantile(values, 0.5));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A catalogue of one model with one file. */
function listingOf(file: Buffer): object {
  const sha256 = createHash('sha256').update(file).digest('hex');
  return {
    version: 2,
    models: [
      {
        id: 'test/dummy',
        stages: ['llm'],
        name: 'Dummy',
        engine: 'causal-lm',
        licence: 'Apache-2.0',
        languages: ['en'],
        source: { repository: 'test/dummy', revision: '0'.repeat(40) },
        prefers: 'wasm',
        quality: 'demo',
        speed: 'fast',
        variants: [
          {
            device: 'wasm',
            dtype: 'q8',
            needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
            served: false,
            files: [{ path: 'onnx/model_quantized.onnx', bytes: file.length, sha256 }],
          },
        ],
      },
    ],
  };
}
