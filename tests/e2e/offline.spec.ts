import { expect, test, type Page } from '@playwright/test';
import { installApp, launchApp, openOwnBrowser, type OwnBrowser } from '../support/installed-app.ts';
import { openParley } from '../support/parley-page.ts';
import { serveSite, type Site } from '../support/site.ts';
import { holdConversation } from '../support/small-talk.ts';
import { TAP_URL } from '../support/voice-kit.ts';

let site: Site;
let browser: OwnBrowser;

test.beforeEach(async () => {
  site = await serveSite('dist');
  browser = await openOwnBrowser(site.url);
});
test.afterEach(async () => {
  await browser.close();
  await site.stop();
});

/** Paths that the service worker keeps of runtimes and models. */
async function keptPaths(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys = await (await caches.open('parley-kept')).keys();
    return keys.map(({ url }) => new URL(url).pathname);
  });
}

test('[PWA-1] the installed app holds a spoken conversation with the network off', async () => {
  test.setTimeout(300_000);
  await installApp(browser, site.url);
  const page = await launchApp(browser, site.url);
  const parley = await openParley(page, { device: 'wasm', path: site.url });
  expect(await page.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true);

  await holdConversation(parley);

  const used = new Set(
    site.asked.map((line) => line.split(' ')[1] ?? '').filter((path) => /^\/(?:models|runtime)\//.test(path)),
  );
  await expect.poll(() => keptPaths(page)).toEqual(expect.arrayContaining([...used]));
  const sent = site.asked.filter((line) => /^200 \/(?:models\/starter|runtime)\//.test(line));
  expect(sent.toSorted()).toEqual([...new Set(sent)].toSorted());
  // The test's own ear on the loudspeaker is no part of the page.
  await page.evaluate(async (tap) => (await caches.open('parley-kept')).add(tap), TAP_URL);

  await site.stop();
  await browser.context.setOffline(true);
  await page.reload();
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  await holdConversation(parley);
  expect(browser.guard.problems()).toEqual([]);
});
