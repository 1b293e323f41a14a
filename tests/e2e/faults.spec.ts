import type { Page } from '@playwright/test';
import { openParley, lastAnswer } from '../support/parley-page.ts';
import type { ParleyPage } from '../support/parley-page.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { expect, test } from '../support/test.ts';
import { killThread } from '../support/threads-of-page.ts';

const notice = (page: Page) => page.getByRole('alert').or(page.locator('.notice')).first();

/** The last answer, complete. */
const answer = (page: Page) => page.locator('.message[data-role="assistant"][data-state="final"]').last();

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

test('[E2E-5] a microphone that another program holds fails at once, and trying again works', async ({
  page,
}) => {
  const parley = await openParley(page, { device: 'wasm' });
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = () => {
      mediaDevices.getUserMedia = open;
      return Promise.reject(new DOMException('Could not start audio source', 'NotReadableError'));
    };
  });
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await expect(notice(page)).toContainText('another program');
  await parley.state('failed');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await parley.state('listening');
});

test('[E2E-11] over plain http it says why there is no microphone and no sound, and answers in writing', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
    Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', { value: undefined });
  });
  const parley = await openParley(page, { device: 'wasm', ownMicrophone: true });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await expect(page.locator('.notice').last()).toContainText('https://');
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
  await page.evaluate(() => window.voiceKit.plugIn());
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

test.describe('a model file with one wrong byte', () => {
  test('[E2E-7] is refused by its hash', async ({ page }) => {
    await page.route('**/models/starter/chat/onnx/model_quantized.onnx', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      const at = body.length >> 1;
      body.writeUInt8(body.readUInt8(at) ^ 1, at);
      await route.fulfill({ response, body });
    });
    const parley = await openParley(page, { device: 'wasm' });
    await parley.type('Who are you?');
    await expect(notice(page)).toContainText('"onnx/model_quantized.onnx"');
    await expect(notice(page)).toContainText('damaged');
  });
});

test.describe('a typed message', () => {
  test.use({ allowedErrors: [/404|Failed to load resource/] });

  test('[E2E-12] whose model does not load is answered once it does, and the microphone stays closed', async ({
    page,
  }) => {
    const pattern = '**/models/starter/chat/onnx/model_quantized.onnx';
    await page.route(pattern, (route) => route.fulfill({ status: 404, body: 'Not found' }));
    const parley = await openParley(page, { device: 'wasm' });
    await parley.type('Who are you?');
    await expect(notice(page)).toContainText('model_quantized.onnx');
    await page.unroute(pattern);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect(answer(page)).toContainText('Parley');
    await parley.state('idle');
  });

  test('[E2E-12] needs neither recognition nor speech detection', async ({ page }) => {
    await page.route(/recogniser|silero/, (route) => route.fulfill({ status: 404, body: 'Not found' }));
    const parley = await openParley(page, { device: 'wasm' });
    await parley.type('Who are you?');
    await expect(answer(page)).toContainText('Parley');
  });
});

test.describe('without the files of the voice', () => {
  test.use({ allowedErrors: [/404|Failed to load resource/] });

  test('[E2E-13] typed and spoken questions are answered in writing', async ({ page }) => {
    await page.route('**/runtime/espeak-ng-*/**', (route) =>
      route.fulfill({ status: 404, body: 'Not found' }),
    );
    const parley = await openParley(page, { device: 'wasm' });
    await parley.type('What is twelve times seven?');
    await expect(answer(page)).toContainText('84');
    await expect(notice(page)).toContainText('shown as text');
    await parley.talk();
    await expect(page.getByText('The voice could not be loaded')).toBeVisible();
    await parley.say(fixture('identity').pcm);
    await expect(answer(page).locator('.message-text')).toContainText('Parley');
    await parley.state('listening');
  });
});

test('[E2E-8] a thread that hangs is ended and started again', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.type('Who are you?');
  await expect(answer(page)).toContainText('Parley');
  const models = () => page.workers().filter((each) => each.url().includes('llm.worker'));
  const [worker] = models();
  const hung = worker?.evaluate(() => {
    for (;;);
  });
  hung?.catch(() => {});
  await parley.type('What is twelve times seven?');
  await expect(notice(page)).toContainText('too long', { timeout: 90_000 });
  await expect.poll(() => models().some((each) => each !== worker)).toBe(true);
  await parley.type('What is twelve times seven?');
  await expect(answer(page)).toContainText('84');
});

test('[E2E-8] the models move to another device in mid-conversation, and it goes on', async ({ page }) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What runs where, and why' }).click();
  for (const [stage, model] of [
    ['stt', 'starter/recogniser'],
    ['llm', 'starter/chat'],
  ])
    await page.locator(`[data-stage="${stage}"] select`).selectOption(`webgpu ${model}`);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Starter models on .*WebGPU/ })).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 120_000 });
  await asksAndHears(parley, page);
});

test('[E2E-8] each worker may die in each phase, and the conversation goes on', async ({ page }) => {
  test.setTimeout(300_000);
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();

  // While listening.
  for (const name of ['vad', 'stt', 'llm', 'tts']) {
    await killThread(page, name);
    await parley.state('listening');
    await asksAndHears(parley, page);
  }

  // While hearing.
  for (const name of ['vad', 'stt']) {
    const speaking = parley.say(fixture('weather').pcm);
    await parley.state('hearing');
    await killThread(page, name);
    await speaking;
    await parley.state('listening');
    await asksAndHears(parley, page);
  }

  // While thinking and speaking.
  for (const name of ['llm', 'tts']) {
    await parley.type('Tell me a joke.');
    await killThread(page, name);
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
