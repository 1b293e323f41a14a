/**
 * `npm run app-screenshots`: takes the pictures of the page that a browser shows when it offers to install it. Run it on
 * a fresh build, after the page's looks were changed.
 */
import { resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { createApp } from '../server/app.ts';
import { ensureChromium } from './find-chromium.ts';

const screens = [
  { file: 'screenshot-wide.png', width: 1280, height: 800 },
  { file: 'screenshot-narrow.png', width: 390, height: 844 },
];
const questions = ['What is twelve times seven?', 'Who are you?'];

async function takeScreenshot(
  browser: Browser,
  url: string,
  { file, width, height }: (typeof screens)[number],
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, serviceWorkers: 'block' });
  await page.goto(url);
  for (const [at, question] of questions.entries()) {
    await page.getByRole('textbox').fill(question);
    await page.keyboard.press('Enter');
    const answers = page.locator('.message[data-role="assistant"][data-state="final"]');
    await answers.nth(at).waitFor({ timeout: 120_000 });
    await page.locator('.talk[data-state="idle"]').waitFor({ timeout: 120_000 });
  }
  await page.getByRole('textbox').blur();
  await page.screenshot({ path: `public/icons/${file}` });
  await page.close();
}

const app = await createApp({ pageDir: resolve('dist'), modelsDir: resolve('public/models') });
const url = await app.listen({ port: 0, host: 'localhost' });
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ['--autoplay-policy=no-user-gesture-required', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
for (const screen of screens) await takeScreenshot(browser, `http://localhost:${new URL(url).port}`, screen);
await browser.close();
await app.close();
