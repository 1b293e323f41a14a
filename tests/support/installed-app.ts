import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { launchOptions } from './chromium.ts';
import { watch, type Guard } from './guard.ts';

/** A browser with a profile of its own: what Chromium installs, it does not install into a private window. */
export interface OwnBrowser {
  context: BrowserContext;
  guard: Guard;
  /** Of the browser as a whole. */
  cdp: CDPSession;
  close(): Promise<void>;
}

/** @param microphone whether the browser grants it by itself, or asks a person who is not there */
export async function openOwnBrowser(
  url: string,
  microphone: 'granted' | 'ask' = 'granted',
): Promise<OwnBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'parley-profile-'));
  const options = launchOptions();
  const args = (options.args ?? []).filter((flag) => microphone === 'granted' || !flag.includes('fake-ui'));
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    // No name but this machine's is even looked up.
    args: [...args, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
    baseURL: url,
    serviceWorkers: 'allow',
  });
  const browser = context.browser();
  if (browser === null) throw new Error('The browser has no session of its own.');
  return {
    context,
    guard: watch(context, url),
    cdp: await browser.newBrowserCDPSession(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Installs Parley as a person would with the browser's own button, as an app with a window of its own. */
export async function installApp({ cdp }: OwnBrowser, url: string): Promise<void> {
  const manifestId = `${url}/`;
  await cdp.send('PWA.install', { manifestId, installUrlOrBundleUrl: manifestId });
  await cdp.send('PWA.changeAppUserSettings', { manifestId, displayMode: 'standalone' });
}

/** Starts the installed app. @returns its window, which was there already where the app runs */
export async function launchApp({ context, cdp }: OwnBrowser, url: string, start = '/'): Promise<Page> {
  const isApp = (page: Page): boolean => page.url().startsWith(url);
  const opening = context.pages().some(isApp) ? undefined : context.waitForEvent('page', isApp);
  await cdp.send('PWA.launch', { manifestId: `${url}/`, url: url + start });
  const page = (await opening) ?? context.pages().find(isApp);
  if (page === undefined) throw new Error('The app has no window.');
  return page;
}
