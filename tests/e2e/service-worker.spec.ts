import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { watch } from '../support/guard.ts';
import { copyBuild, rebuild, removeFolder, serveSite, type Site } from '../support/site.ts';

interface Fixtures {
  /** The build that is served; a test may deploy another. */
  folder: string;
  models: string;
  site: Site;
  /** A page of the site that the service worker answers for. */
  opened: Page;
}

const test = base.extend<Fixtures>({
  folder: async ({}, provide) => {
    const folder = await copyBuild();
    await provide(folder);
    await removeFolder(folder);
  },
  models: async ({}, provide) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
    cpSync('public/models', folder, { recursive: true, filter: (path) => !/\.(gguf|onnx)$/.test(path) });
    await provide(folder);
    rmSync(folder, { recursive: true });
  },
  site: async ({ folder, models }, provide) => {
    const site = await serveSite(folder, { modelsDir: models });
    await provide(site);
    await site.stop();
  },
  opened: async ({ page, site, context }, provide) => {
    const guard = watch(context, site.url);
    await page.goto(site.url);
    await controlled(page);
    await provide(page);
    expect(guard.problems([/Failed to load resource/, /TrustedHTML/])).toEqual([]);
  },
});
test.use({ serviceWorkers: 'allow' });

async function controlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

const buildOf = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name="parley-build"]')?.content);

const shells = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('parley-shell-')));

/** What the page gets when it fetches something: status (0 without an answer) and the beginning of the text. */
async function fetched(page: Page, url: string, headers: Record<string, string> = {}) {
  return page.evaluate(
    async ([url, headers]) => {
      const response = await fetch(url, { headers }).catch(() => Response.error());
      return { status: response.status, text: (await response.text()).slice(0, 80) };
    },
    [url, headers] as const,
  );
}

/** Asks the server for another build, and waits until it is fetched or refused. */
async function lookForUpdate(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const found = new Promise<ServiceWorker | null>((resolve) =>
      registration.addEventListener('updatefound', () => resolve(registration.installing), { once: true }),
    );
    await registration.update();
    const worker = await found;
    return new Promise<string>((resolve) => {
      const look = (): void => {
        if (worker && worker.state !== 'installing') resolve(worker.state);
      };
      worker?.addEventListener('statechange', look);
      look();
    });
  });
}

const offer = (page: Page) => page.getByText('A new version is ready');
const talk = (page: Page) => page.getByRole('button', { name: 'Talk', exact: true });

/** Name of a script of the build that no page has fetched by itself yet. */
async function lazyScript(page: Page): Promise<string> {
  const urls = await page.evaluate(async () => {
    const [name = ''] = await caches.keys();
    return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  });
  const script = urls.find((url) => url.includes('stt.worker'));
  if (script === undefined) throw new Error(`no script among ${urls.join(' ')}`);
  return script;
}

const CONFIG = '/models/starter/chat/config.json';

test('[PWA-5] what is kept has its headers: without a server the page is isolated and strict', async ({
  opened: page,
  site,
}) => {
  await site.stop();
  await page.reload();
  await expect(talk(page)).toBeVisible();
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<b>hello</b>';
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
});

test('[PWA-5] what is missing is missing, and a part is a part', async ({ opened: page }) => {
  for (const url of ['/models/starter/chat/none.json', '/assets/none.js', '/runtime/none.wasm', '/none'])
    expect(await fetched(page, url), url).toEqual({ status: 404, text: 'Not found\n' });
  const whole = await fetched(page, CONFIG);
  for (const _time of ['while it is fetched', 'once it is kept']) {
    const part = await fetched(page, CONFIG, { range: 'bytes=0-9' });
    expect(part).toEqual({ status: 206, text: whole.text.slice(0, 10) });
  }
});

test('[PWA-5] a large script is kept once it was used', async ({ opened: page, site }) => {
  const large = readdirSync('dist/assets').filter(
    (name) => name.endsWith('.js') && statSync(`dist/assets/${name}`).size > 2_000_000,
  );
  const [first = '', ...others] = large.map((name) => `/assets/${name}`);
  expect(large.length).toBeGreaterThan(0);
  const isKept = (url: string) =>
    page.evaluate(async (each) => (await caches.match(each)) !== undefined, url);
  expect(await isKept(first)).toBe(false);
  await fetched(page, first);
  await expect.poll(() => isKept(first)).toBe(true);
  for (const other of others) expect(await isKept(other)).toBe(false);
  await site.stop();
  expect((await fetched(page, first)).status).toBe(200);
});

test('[PWA-5] a model file is kept by its hash', async ({ opened: page, models, site }) => {
  const catalogue = join(models, 'catalog.json');
  const file = join(models, 'starter/chat/config.json');
  const keep = () =>
    expect.poll(() =>
      page.evaluate(async () => {
        const keys = await (await caches.open('parley-kept')).keys();
        return keys.filter(({ url }) => url.includes('/chat/config.json')).length;
      }),
    );
  const before = await fetched(page, CONFIG);
  await keep().toBe(1);

  const text = '{"model_type":"another"}';
  const old = createHash('sha256').update(readFileSync(file)).digest('hex');
  const next = createHash('sha256').update(text).digest('hex');
  writeFileSync(file, text);
  expect(await fetched(page, CONFIG)).toEqual(before);
  writeFileSync(catalogue, readFileSync(catalogue, 'utf8').replaceAll(old, next));
  await fetched(page, '/models/catalog.json');
  await keep().toBe(0);
  expect((await fetched(page, CONFIG)).text).toBe(text);
  await keep().toBe(1);

  await site.stop();
  expect((await fetched(page, CONFIG)).text).toBe(text);
  expect((await fetched(page, '/models/catalog.json')).text).toContain('catalog.schema.json');
  expect(await fetched(page, '/models/starter/chat/tokenizer.json')).toEqual({ status: 0, text: '' });
});

test('[PWA-3] an open page keeps its build, and [PWA-4] another one comes when it is asked for', async ({
  opened: page,
  folder,
  context,
  site,
}) => {
  const first = await buildOf(page);
  const script = await lazyScript(page);
  await rebuild(folder, 'second');
  expect(await lookForUpdate(page)).toBe('installed');
  await expect(offer(page)).toBeVisible();

  const other = await context.newPage();
  await other.goto(site.url);
  expect(await buildOf(other)).toBe(first);
  await expect(offer(other)).toBeVisible();

  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => buildOf(page).catch(() => first)).not.toBe(first);
  await expect(offer(page)).toHaveCount(0);
  expect(await buildOf(other)).toBe(first);
  await expect(offer(other)).toBeVisible();
  expect((await (await fetch(site.url + script)).text()).trim()).toBe('Not found');
  expect((await fetched(other, script)).status).toBe(200);
  expect(await shells(page)).toHaveLength(2);

  await other.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => buildOf(other).catch(() => first)).toBe(await buildOf(page));
  await expect.poll(() => shells(page)).toEqual([`parley-shell-${await buildOf(page)}`]);
});

test('[PWA-3] a build of which one file is another is not taken', async ({ opened: page, folder }) => {
  const first = await buildOf(page);
  await rebuild(folder, 'second');
  const manifest = join(folder, 'manifest.webmanifest');
  const right = readFileSync(manifest);
  writeFileSync(manifest, '{}');
  expect(await lookForUpdate(page)).toBe('redundant');
  await expect(offer(page)).toHaveCount(0);
  expect(await shells(page)).toEqual([`parley-shell-${first}`]);
  writeFileSync(manifest, right);
  expect(await lookForUpdate(page)).toBe('installed');
  await expect(offer(page)).toBeVisible();
});

test('a page that was reloaded past the service worker gets it back', async ({ opened: page, context }) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Page.reload', { ignoreCache: true });
  await controlled(page);
  await expect(talk(page)).toBeVisible();
});

test('[PWA-6] the service worker is taken back with all that it kept', async ({
  opened: page,
  folder,
  models,
  site,
}) => {
  await fetched(page, CONFIG);
  await site.stop();
  const removing = await serveSite(folder, { modelsDir: models, port: site.port, removeServiceWorker: true });
  await page.reload();
  await expect
    .poll(() =>
      page.evaluate(async () => [
        await caches.keys(),
        (await navigator.serviceWorker.getRegistrations()).length,
      ]),
    )
    .toEqual([[], 0]);
  await page.reload();
  await expect(talk(page)).toBeVisible();
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await removing.stop();
});
