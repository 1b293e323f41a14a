import type { Page } from '@playwright/test';
import { serveKokoroSite, type KokoroSite } from '../support/kokoro-site.ts';
import { openParley, startersOn } from '../support/parley-page.ts';
import { expect, test as base } from '../support/test.ts';

/** The built page, served from a site that has Kokoro. */
const test = base.extend<{ site: KokoroSite }>({
  site: async ({}, provide) => {
    const site = await serveKokoroSite();
    await provide(site);
    await site.stop();
  },
  baseURL: async ({ site }, provide) => provide(site.url),
});

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Settings' });
const voice = (page: Page) => dialog(page).getByRole('combobox', { name: 'Voice' });
const openSettings = (page: Page) => page.getByRole('button', { name: 'Settings' }).click();
const answers = (page: Page) => page.locator('.message[data-role="assistant"][data-state="final"]');

/** Voices whose files were asked for, by the names of the files. */
const voicesRead = ({ asked, kokoro }: KokoroSite): string[] =>
  asked.flatMap((line) => line.split(`200 /models/${kokoro}/voices/`)[1] ?? []);

test('[VOICE-5] a voice of Kokoro that is chosen speaks, and German is left to eSpeak', async ({
  page,
  site,
}) => {
  const choices = { ...startersOn('wasm'), tts: { model: site.kokoro, place: 'wasm' } };
  const parley = await openParley(page, { device: 'wasm', settings: { choices } });
  await parley.type('Who are you?');
  await expect(answers(page)).toHaveCount(1, { timeout: 120_000 });
  await parley.state('idle');
  expect(voicesRead(site)).toContain('af_heart.bin');
  expect(voicesRead(site)).not.toContain('bf_emma.bin');

  await openSettings(page);
  await expect(voice(page).locator('option:checked')).toHaveText('Heart (America, female)');
  await voice(page).selectOption('Emma (Great Britain, female)');
  await page.keyboard.press('Escape');
  const sinceMs = await parley.nowMs();
  await parley.type('What is twelve times seven?');
  await expect(answers(page)).toHaveCount(2, { timeout: 120_000 });
  await parley.state('idle');
  expect(voicesRead(site)).toContain('bf_emma.bin');
  const { samples } = await parley.recording(sinceMs);
  expect(samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true);

  await openSettings(page);
  await dialog(page).getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(dialog(page).getByText('voices of eSpeak NG')).toBeVisible();
  await expect(voice(page).locator('option:checked')).toHaveText('German');
  await dialog(page).getByRole('button', { name: 'What runs where, and why' }).click();
  const planned = page.locator('[data-stage="tts"]');
  await expect(planned).toContainText('eSpeak NG');
  await expect(planned).toContainText('It does not speak your language. Kokoro 82M');
  await page.keyboard.press('Escape');
  await expect(page.locator('.notice')).toHaveCount(0);
});
