import type { Page } from '@playwright/test';
import { openParley } from '../support/parley-page.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { expect, test } from '../support/test.ts';

const answer = (page: Page) => page.locator('.message[data-role="assistant"][data-state="final"]').last();
const turnTaking = (page: Page) => page.locator('.model', { hasText: 'Turn-taking' });

test('the models for turn-taking are loaded with the microphone, not before', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  expect(page.workers().filter((worker) => worker.url().includes('turn.worker'))).toHaveLength(0);
  await parley.talk();
  await page.getByRole('button', { name: /^Starter models/ }).click();
  await expect(turnTaking(page)).toContainText('Ready');
});

test('without the models for turn-taking, what is said is answered by rules and silence', async ({
  page,
}) => {
  await page.route('**/turn-audio/onnx/*.onnx', (route) =>
    route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from('no model') }),
  );
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  await expect(page.getByText('The models for turn-taking could not be loaded')).toBeVisible();
  await expect(page.locator('.notice')).toHaveCount(0);
  await parley.say(fixture('identity').pcm);
  await expect(answer(page)).toContainText('Parley');
  await parley.state('listening');
  await page.getByRole('button', { name: /^Starter models/ }).click();
  await expect(turnTaking(page)).toContainText('"onnx/model_quantized.onnx"');
});

test('[E2E-8] the thread of turn-taking may die, and the conversation goes on', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  const threads = () => page.workers().filter((worker) => worker.url().includes('turn.worker'));
  await parley.talk();
  await page.getByRole('button', { name: /^Starter models/ }).click();
  await expect(turnTaking(page)).toContainText('Ready');
  await page.keyboard.press('Escape');
  const [first] = threads();
  await first?.evaluate(() => self.close());
  await parley.say(fixture('identity').pcm);
  await expect(answer(page)).toContainText('Parley');
  await parley.state('listening');
  await expect.poll(() => threads().some((worker) => worker !== first)).toBe(true);
});
