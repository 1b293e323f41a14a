import { expect, test } from '@playwright/test';
import { installApp, launchApp, openOwnBrowser, type OwnBrowser } from '../support/installed-app.ts';
import { openParley } from '../support/parley-page.ts';
import { serveSite, type Site } from '../support/site.ts';

let site: Site;
let browser: OwnBrowser;
test.beforeEach(async () => {
  site = await serveSite('dist');
  browser = await openOwnBrowser(site.url);
});
test.afterEach(async () => {
  await browser.close();
  await site.stop();
  expect(browser.guard.problems()).toEqual([]);
});

declare global {
  interface Window {
    locks: WakeLockSentinel[];
  }
}

test('[PWA-2] Chromium finds nothing that speaks against installing', async () => {
  const page = await browser.context.newPage();
  await page.goto(site.url);
  const cdp = await browser.context.newCDPSession(page);
  expect(await cdp.send('Page.getInstallabilityErrors')).toEqual({ installabilityErrors: [] });
  const { errors, url } = await cdp.send('Page.getAppManifest');
  expect({ errors, url }).toEqual({ errors: [], url: `${site.url}/manifest.webmanifest` });
});

test('[PWA-2] every icon and screenshot has the size that the manifest says', async () => {
  const page = await browser.context.newPage();
  await page.goto(site.url);
  const wrong = await page.evaluate(async () => {
    const response = await fetch('/manifest.webmanifest');
    const { icons, screenshots, shortcuts } = (await response.json()) as Record<
      'icons' | 'screenshots',
      { src: string; sizes: string }[]
    > & { shortcuts: { icons: { src: string; sizes: string }[] }[] };
    const images = [...icons, ...screenshots, ...shortcuts.flatMap((shortcut) => shortcut.icons)];
    const found = images.map(async ({ src, sizes }) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const size = `${image.naturalWidth}x${image.naturalHeight}`;
      return sizes === 'any' || sizes === size ? [] : [`${src} is ${size}`];
    });
    return (await Promise.all(found)).flat();
  });
  expect(wrong).toEqual([]);
});

test('[PWA-2] the browser’s offer to install becomes a button, and is used up by a press', async () => {
  const page = await browser.context.newPage();
  await page.goto(site.url);
  const install = page.getByRole('button', { name: 'Install' });
  await install.click();
  await expect(install).toHaveCount(0);
});

test('[PWA-7] shared text waits in the composer of the running app', async () => {
  await installApp(browser, site.url);
  const page = await launchApp(browser, site.url);
  await expect(page.getByRole('button', { name: 'Talk', exact: true })).toBeVisible();
  await page.evaluate(() => document.body.setAttribute('data-same', 'page'));
  const shared = new URLSearchParams({
    title: 'News',
    text: '<b>bold</b>\u202e',
    url: 'https://example.org/',
  });
  await launchApp(browser, site.url, `/?${shared}`);
  await expect(page.getByRole('textbox')).toHaveValue('News\n<b>bold</b>\nhttps://example.org/');
  await expect(page.locator('body')).toHaveAttribute('data-same', 'page');
  await expect(page.locator('.message')).toHaveCount(0);

  const fresh = await browser.context.newPage();
  await fresh.goto(`${site.url}/?text=hello&talk=perhaps`);
  await expect(fresh.getByRole('textbox')).toHaveValue('hello');
  expect(fresh.url()).toBe(`${site.url}/`);
  await expect(fresh.locator('.talk')).toHaveAttribute('data-state', 'idle');
});

test('[PWA-7] an address opens no microphone that was not allowed before', async () => {
  const asking = await openOwnBrowser(site.url, 'ask');
  const page = await asking.context.newPage();
  await page.goto(`${site.url}/?talk`);
  await expect(page.getByText('Ready when you are')).toBeVisible();
  expect(page.url()).toBe(`${site.url}/`);
  const asked = await page.evaluate(() =>
    navigator.permissions.query({ name: 'microphone' }).then(({ state }) => state),
  );
  expect(asked).toBe('prompt');
  await expect(page.locator('.talk')).toHaveAttribute('data-state', 'idle');
  await asking.close();
});

test('[PWA-8] “Start talking” keeps the screen on and shows the conversation to the device', async () => {
  await browser.context.grantPermissions(['microphone', 'screen-wake-lock'], { origin: site.url });
  const page = await browser.context.newPage();
  await page.addInitScript(() => {
    window.locks = [];
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      const lock = await request(type);
      window.locks.push(lock);
      return lock;
    };
  });
  const parley = await openParley(page, { device: 'wasm', path: `${site.url}/?talk` });
  await parley.state('listening', 'hearing');
  const shown = () =>
    page.evaluate(() => [
      navigator.mediaSession.playbackState,
      navigator.mediaSession.metadata?.title,
      window.locks.map(({ released }) => released),
    ]);
  await expect.poll(shown).toEqual(['playing', 'Parley', [false]]);
  await page.getByRole('button', { name: 'Mute' }).click();
  await expect.poll(shown).toEqual(['paused', 'Parley', [false]]);
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await expect.poll(shown).toEqual(['none', undefined, [true]]);
});
