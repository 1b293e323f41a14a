import type { Page } from '@playwright/test';
import { openParley, lastAnswer } from '../support/parley-page.ts';
import type { ParleyPage } from '../support/parley-page.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { expect, test } from '../support/test.ts';

const notice = (page: Page) => page.getByRole('alert').or(page.locator('.notice')).first();

/** Ends the thread of a stage as a crash would, and waits until another has taken its place. */
async function killWorker(page: Page, name: string): Promise<void> {
  const find = () => page.workers().find((each) => each.url().includes(`${name}.worker`));
  const worker = find();
  if (worker === undefined) throw new Error(`no ${name} worker is running`);
  await worker.evaluate(() => self.close());
  await expect.poll(() => find() !== undefined && find() !== worker).toBe(true);
}

async function asksAndHears(parley: ParleyPage, page: Page): Promise<void> {
  await parley.say(fixture('identity').pcm);
  await parley.state('speaking');
  await parley.state('listening');
  expect(await lastAnswer(page)).toContain('Parley');
}

test('[E2E-4] a refused microphone is said in words, and typing still works', async ({ openWithMic }) => {
  const page = await openWithMic({ microphone: 'denied' });
  const parley = await openParley(page, { device: 'wasm', ownMicrophone: true });
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await expect(notice(page)).toContainText(/microphone/i);
  await parley.type('Who are you?');
  await expect(page.locator('.message[data-role="assistant"]').last()).toContainText('Parley');
});

test('[E2E-5] an absent microphone is said in words', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
  });
  await openParley(page, { device: 'wasm', ownMicrophone: true });
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await expect(notice(page)).toContainText(/microphone/i);
});

test('[E2E-6] a microphone unplugged in mid-sentence comes back when it is plugged in', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  const speaking = parley.say(fixture('weather').pcm);
  await parley.state('hearing');
  await page.evaluate(() => window.voiceKit.unplug());
  await speaking;
  await parley.state('reconnecting');
  await expect(notice(page)).toContainText(/microphone/i);
  await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
  await parley.state('listening');
  await asksAndHears(parley, page);
});

for (const file of ['onnx/decoder_model_merged_quantized.onnx', 'tokenizer.json']) {
  test.describe(`a model file (${file})`, () => {
    test.use({ allowedErrors: [/404|Failed to load resource/] });

    test('[E2E-7] that is missing is named, with what to do, and trying again works', async ({ page }) => {
      const pattern = `**/models/starter/recogniser/${file}`;
      await page.route(pattern, (route) => route.fulfill({ status: 404, body: 'Not found' }));
      const parley = await openParley(page, { device: 'wasm' });
      await page.getByRole('button', { name: 'Talk', exact: true }).click();
      await expect(notice(page)).toContainText(file.split('/').at(-1) ?? file);
      await page.unroute(pattern);
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await parley.state('listening');
      await asksAndHears(parley, page);
    });

    test('[E2E-7] that is corrupt is named, with what to do', async ({ page }) => {
      await page.route(`**/models/starter/recogniser/${file}`, (route) =>
        route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from('{"this is": "no mod') }),
      );
      await openParley(page, { device: 'wasm' });
      await page.getByRole('button', { name: 'Talk', exact: true }).click();
      await expect(notice(page)).toContainText(file.split('/').at(-1) ?? file);
    });
  });
}

test('[E2E-8] each worker may die in each phase, and the conversation goes on', async ({ page }) => {
  test.setTimeout(300_000);
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();

  // While listening.
  for (const name of ['vad', 'stt', 'llm', 'tts']) {
    await killWorker(page, name);
    await parley.state('listening');
    await asksAndHears(parley, page);
  }

  // While hearing.
  for (const name of ['vad', 'stt']) {
    const speaking = parley.say(fixture('weather').pcm);
    await parley.state('hearing');
    await killWorker(page, name);
    await speaking;
    await parley.state('listening');
    await asksAndHears(parley, page);
  }

  // While thinking and speaking.
  for (const name of ['llm', 'tts']) {
    await parley.type('Tell me a joke.');
    await killWorker(page, name);
    await parley.state('listening');
    await asksAndHears(parley, page);
  }
});

test('[E2E-9] garbage in storage costs nobody the conversation', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('parley.settings', '{"version":99,"voice":7'));
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Talk', exact: true })).toBeVisible();
});

test('[E2E-10] a message with markup is shown as the text that it is', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  const text = '<img src=x onerror="document.title=\'owned\'"><b>bold</b>';
  await parley.type(text);
  await expect(page.locator('.message[data-role="user"] .message-text').last()).toHaveText(text);
  expect(await page.locator('.message-text img, .message-text b').count()).toBe(0);
  expect(await page.title()).not.toBe('owned');
});
