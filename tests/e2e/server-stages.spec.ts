import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { lastAnswer, openParley } from '../support/parley-page.ts';
import type { ParleyPage } from '../support/parley-page.ts';
import { serveSite, starterDoors } from '../support/site.ts';
import type { Site } from '../support/site.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { expect, test as base } from '../support/test.ts';

/** What a person chooses who wants a stage on the server. */
const onServer = {
  stt: { model: 'starter/recogniser', place: 'server' },
  llm: { model: 'starter/chat', place: 'server' },
  tts: { model: 'espeak-ng', place: 'server' },
} as const;
const here = {
  stt: { model: 'starter/recogniser', place: 'wasm' },
  llm: { model: 'starter/chat', place: 'wasm' },
} as const;

const doors = { stt: '/v1/audio/transcriptions', llm: '/v1/chat/completions', tts: '/v1/audio/speech' };

interface Fixtures {
  /** Whether the server asks for a key. */
  keyed: boolean;
  site: Site & { key: string };
}

const test = base.extend<Fixtures>({
  keyed: [false, { option: true }],
  site: async ({ keyed }, provide) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-keys-'));
    // What the guard goes by; this test's own server listens on this machine only.
    const { newKey, ...deps } = starterDoors(keyed ? { host: '0.0.0.0', dataDir } : {});
    const site = await serveSite('dist', { doors: deps });
    await provide({ ...site, key: newKey ?? '' });
    await site.stop();
    await rm(dataDir, { recursive: true });
  },
  baseURL: async ({ site }, provide) => provide(site.url),
});

/** The doors that were asked, each once. */
const asked = (site: Site, from = 0): string[] =>
  [...new Set(site.asked.slice(from).map((line) => line.split(' ')[1]!))]
    .filter((path) => path.startsWith('/v1/'))
    .toSorted();

const privacy = (page: Page) => page.locator('.header-promise');

async function asksWhoItIs(parley: ParleyPage): Promise<void> {
  await parley.say(fixture('identity').pcm);
  await parley.state('speaking');
  await parley.state('listening');
  expect(await lastAnswer(parley.page)).toContain('Parley');
}

async function inPlan(page: Page, work: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What runs where, and why' }).click();
  await work();
  await page.keyboard.press('Escape');
}

test('[PLACE-12] a conversation with every stage on the server, which the page says', async ({
  page,
  site,
}) => {
  const parley = await openParley(page, { device: 'wasm', settings: { choices: onServer } });
  await parley.talk();
  await expect(privacy(page)).toHaveText('On the server: recognition, answers, and voice');
  await asksWhoItIs(parley);
  expect(asked(site)).toEqual(expect.arrayContaining(Object.values(doors)));
  // Nothing was loaded here that the server does.
  expect(site.asked.join('\n')).not.toMatch(/starter\/(chat|recogniser)\/onnx/);
});

for (const stage of ['stt', 'llm', 'tts'] as const)
  test(`[PLACE-12] a conversation with ${stage} alone on the server`, async ({ page, site }) => {
    const choices = { ...here, [stage]: onServer[stage] };
    const parley = await openParley(page, { device: 'wasm', settings: { choices } });
    await parley.talk();
    await asksWhoItIs(parley);
    expect(asked(site)).toEqual([doors[stage], '/v1/models'].toSorted());
  });

test('[PLACE-9] [PLACE-12] with everything on this device no door is asked; a stage moves to the server and back in mid-conversation', async ({
  page,
  site,
}) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  await asksWhoItIs(parley);
  await expect(privacy(page)).toHaveText('Everything stays on this device');
  expect(asked(site)).toEqual([]);

  const answers = page.locator('.plan-stage[data-stage="llm"]');
  await inPlan(page, async () => {
    await expect(page.locator('.plan-server')).toContainText('It is there');
    await answers.getByLabel('Use').selectOption({ label: 'Llama (starter) on the server' });
    await expect(answers.locator('.plan-name').first()).toContainText('on the server');
  });
  await expect(privacy(page)).toHaveText('On the server: answers');
  await asksWhoItIs(parley);
  expect(asked(site)).toEqual([doors.llm, '/v1/models']);

  await inPlan(page, () => page.getByRole('radio', { name: /Good answers/ }).click());
  await inPlan(page, () =>
    answers
      .getByLabel('Use')
      .selectOption({ label: 'Automatic' })
      .then(() => {}),
  );
  await expect(privacy(page)).toHaveText('Everything stays on this device');
  const before = site.asked.length;
  await asksWhoItIs(parley);
  expect(asked(site, before)).toEqual([]);
});

test.describe('a server that goes and comes back', () => {
  test.use({ serviceWorkers: 'allow', allowedErrors: [/Failed to load resource/] });

  test('[PLACE-13] the conversation goes on here, says so, and returns to the server', async ({
    page,
    site,
  }) => {
    const parley = await openParley(page, { device: 'wasm', settings: { choices: onServer } });
    await parley.talk();
    await asksWhoItIs(parley);
    // What takes over is here before it is needed.
    const kept = () =>
      page.evaluate(async () => {
        const keys = await (await caches.open('parley-kept')).keys();
        return keys.map(({ url }) => new URL(url).pathname).join('\n');
      });
    await expect
      .poll(kept, { timeout: 60_000 })
      .toMatch(
        /starter\/chat\/onnx[^]*starter\/recogniser\/onnx|starter\/recogniser\/onnx[^]*starter\/chat\/onnx/,
      );

    await site.stop();
    await parley.say(fixture('calculate-times').pcm);
    await expect(page.locator('.notice').first()).toContainText('takes over on the processor');
    await parley.state('listening');
    await expect(privacy(page)).toHaveText('Everything stays on this device');
    await asksWhoItIs(parley);

    const { newKey: _none, ...deps } = starterDoors();
    const again = await serveSite('dist', { doors: deps, port: site.port });
    try {
      await expect(privacy(page)).toHaveText('On the server: recognition, answers, and voice', {
        timeout: 60_000,
      });
      await asksWhoItIs(parley);
      expect(asked(again)).toEqual(expect.arrayContaining([doors.llm]));
    } finally {
      await again.stop();
    }
  });
});

test.describe('a server that asks for a key', () => {
  test.use({ keyed: true, allowedErrors: [/status of 401/] });

  test('[PLACE-14] says so, refuses a wrong one in words, and serves with the right one', async ({
    page,
    site,
  }) => {
    const parley = await openParley(page, { device: 'wasm' });
    const field = page.getByLabel('Key of the server');
    const server = page.locator('.plan-server');
    await inPlan(page, async () => {
      await expect(server).toContainText('It asks for a key');
      await field.fill('two words');
      await field.press('Enter');
      await expect(server).toContainText('This is no key');
      await field.fill('not-the-key');
      await field.press('Enter');
      await expect(server).toContainText('It does not know this key');
      await field.fill(site.key);
      await field.press('Enter');
      await expect(server).toContainText('It is there');
      const answers = page.locator('.plan-stage[data-stage="llm"]');
      await answers.getByLabel('Use').selectOption({ label: 'Llama (starter) on the server' });
    });
    await parley.type('Who are you?');
    await expect(page.locator('.message[data-role="assistant"]').last()).toContainText('Parley');
    expect(site.asked).toContain(`200 ${doors.llm}`);
    expect(site.asked.join('\n')).not.toContain(site.key);
  });
});
