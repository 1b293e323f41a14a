import type { Page } from '@playwright/test';
import { destroyDevices, watchDevices, withoutGpu } from '../support/faulty-gpu.ts';
import { openParley, planned, startersOn } from '../support/parley-page.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { expect, test } from '../support/test.ts';
import { killThread, replaced, thread } from '../support/threads-of-page.ts';

const answer = (page: Page) => page.locator('.message[data-role="assistant"][data-state="final"]').last();
const notices = (page: Page) => page.locator('.notice');

/** Nothing is being loaded. A graphics chip imitated by the processor takes minutes where other work goes on. */
const loaded = (page: Page) => expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 240_000 });

test('[E2E-14] the graphics chip disappears between the plan and the first load: the processor takes over, in words', async ({
  page,
}) => {
  await withoutGpu(page, 'llm');
  const parley = await openParley(page, { device: 'webgpu' });
  await parley.type('Who are you?');
  await expect(notices(page)).toContainText('offers no usable GPU');
  await expect(notices(page)).toContainText('takes over on the processor');
  await expect(answer(page)).toContainText('Parley');
  expect(await planned(page, 'llm')).toContain('failed, and this took over');
});

test('[E2E-14] a browser without WebGPU answers on the processor, and says why', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.gpu.requestAdapter = () => Promise.resolve(null);
  });
  const parley = await openParley(page, { device: 'webgpu' });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  expect(await planned(page, 'llm')).toContain('processor');
  expect(await planned(page, 'llm')).toContain('which this browser does not offer');
});

test('[E2E-14] the GPU device is destroyed in mid-conversation: once it comes back, twice the processor takes over', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await watchDevices(page, 'llm');
  const parley = await openParley(page, { device: 'webgpu' });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley', { timeout: 240_000 });

  const first = thread(page, 'llm');
  await destroyDevices(first);
  await parley.type('What is twelve times seven?');
  await expect(notices(page)).toContainText('The GPU was reset');
  await replaced(page, 'llm', first);
  await loaded(page);
  await parley.type('What is twelve times seven?');
  await expect(answer(page)).toContainText('84', { timeout: 120_000 });

  await destroyDevices(thread(page, 'llm'));
  await parley.type('Who are you?');
  await expect(notices(page).last()).toContainText('takes over on the processor');
  await loaded(page);
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  // Nothing of the conversation was lost on the way.
  expect(await page.locator('.message[data-role="user"]').count()).toBeGreaterThanOrEqual(4);
});

test('[E2E-14] recognition dies twice in mid-sentence: the next engine takes over, and the conversation goes on', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const { stt } = startersOn('webgpu');
  const parley = await openParley(page, { device: 'wasm', settings: { choices: { stt } } });
  await parley.talk();
  for (const _time of [1, 2]) {
    const speaking = parley.say(fixture('weather').pcm);
    await parley.state('hearing');
    await killThread(page, 'stt');
    await speaking;
    await parley.state('listening');
    await loaded(page);
  }
  await expect(notices(page).last()).toContainText('takes over on the processor');
  await parley.say(fixture('identity').pcm);
  await expect(answer(page)).toContainText('Parley');
  await parley.state('listening');
});

test('[E2E-14] storage is cleared under the running page: the conversation and the choices stay', async ({
  page,
  baseURL,
}) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  const browser = await page.context().newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', { origin: String(baseURL), storageTypes: 'all' });
  await parley.type('What is twelve times seven?');
  await expect(answer(page)).toContainText('84', { timeout: 120_000 });
  expect(await page.evaluate(() => localStorage.getItem('parley.settings'))).toBeNull();
});

test('[PLACE-8] [E2E-14] a page that is killed while it loads starts more carefully, and says so', async ({
  context,
  page,
}) => {
  await page.route('**/models/starter/chat/onnx/*', () => {
    // Never answered: the load is under way when the page dies.
  });
  const parley = await openParley(page, { device: 'webgpu' });
  await parley.type('Who are you?');
  await expect(page.getByRole('progressbar')).toBeVisible();
  const crashed = page.waitForEvent('crash');
  const browser = await context.newCDPSession(page);
  browser.send('Page.crash').catch(() => {});
  await crashed;

  const next = await context.newPage();
  const again = await openParley(next, { device: 'webgpu' });
  await expect(notices(next)).toContainText('Parley was stopped while it started last time');
  await next.getByRole('button', { name: 'What runs where' }).click();
  await expect(next.locator('.plan-tier')).toContainText('leaves the graphics chip alone');
  await expect(next.locator('[data-stage="llm"]')).toContainText('on the processor');
  await next.keyboard.press('Escape');
  await again.type('Who are you?');
  await expect(answer(next)).toContainText('Parley');

  // A start that ended well is not a crash, and the person may lift what is held back.
  await next.reload();
  await expect(next.getByRole('button', { name: 'Talk', exact: true })).toBeVisible();
  await expect(notices(next)).toHaveCount(0);
  await next.getByRole('button', { name: 'Settings' }).click();
  await next.getByRole('button', { name: 'What runs where, and why' }).click();
  await next.getByRole('button', { name: /Forget failures/ }).click();
  await expect(next.locator('[data-stage="llm"]')).toContainText('on the graphics chip');
});
