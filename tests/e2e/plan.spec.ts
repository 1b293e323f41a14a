import type { Page } from '@playwright/test';
import { android, desktop, gpu, iphone, oldGpu } from '../support/devices.ts';
import { emulateDevice } from '../support/emulated-device.ts';
import { openParley } from '../support/parley-page.ts';
import { expect, test } from '../support/test.ts';

const stage = (page: Page, name: string) => page.locator(`.plan-stage[data-stage="${name}"]`);

async function openPlan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What runs where, and why' }).click();
}

/** The reason given for a model that is passed over. */
const reason = (page: Page, of: string, name: string) =>
  stage(page, of).locator('.plan-others li', { hasText: name }).first();

const unpicked = { settings: { choices: {} }, device: 'wasm' } as const;

for (const { name, device, llm, why } of [
  {
    name: 'an iPhone',
    device: iphone(6, gpu()),
    llm: 'Llama 3.1 8B (WebLLM)',
    why: 'It takes about 5.0 GB of memory, and may take 392 MB on this device.',
  },
  {
    name: 'an Android phone',
    device: android(4, 8, gpu()),
    llm: 'Llama 3.2 1B (WebLLM)',
    why: 'It takes about 880 MB of memory, and may take 573 MB on this device.',
  },
  {
    name: 'an Intel laptop without 16-bit shaders',
    device: desktop(8, 8, oldGpu),
    llm: 'Llama 3.2 3B (WebLLM)',
    why: 'It needs 16-bit shaders, which this graphics chip lacks.',
  },
  {
    name: 'a computer without WebGPU',
    device: desktop(8, 4, null),
    llm: 'Llama 3.2 1B (WebLLM)',
    why: 'It needs WebGPU, which this browser does not offer.',
  },
])
  test(`[PLACE-11] on ${name} the page says what runs where, and why nothing else does`, async ({ page }) => {
    await emulateDevice(page, device);
    await openParley(page, unpicked);
    await openPlan(page);
    await expect(stage(page, 'llm')).toContainText('Llama (starter) on the processor (wasm)');
    await expect(stage(page, 'llm')).toContainText('The best that is here');
    await stage(page, 'llm').getByText('Why not another').click();
    await expect(reason(page, 'llm', llm)).toContainText(why);
    await expect(stage(page, 'vad')).toContainText('Silero VAD');
  });

test('[PLACE-11] a choice counts at once, stays, and can be taken back', async ({ page }) => {
  await emulateDevice(page, desktop(8, 8, gpu()));
  await page.goto('/');
  await openPlan(page);
  const use = stage(page, 'llm').getByLabel('Use');
  await use.selectOption({ label: 'Llama (starter) on the graphics chip (WebGPU)' });
  await expect(stage(page, 'llm')).toContainText('You chose it.');
  await page.reload();
  await openPlan(page);
  await expect(stage(page, 'llm').locator('.plan-name').first()).toContainText('graphics chip');
  await use.selectOption({ label: 'Automatic' });
  await expect(stage(page, 'llm').locator('.plan-name').first()).toContainText('processor');
});

test('[PLACE-3] what matters most can be chosen', async ({ page }) => {
  await page.goto('/');
  await openPlan(page);
  await page.getByRole('radio', { name: /Little memory/ }).check();
  await expect(stage(page, 'stt')).toContainText('The smallest that is here: about 5 MB of memory.');
  await page.getByRole('radio', { name: /Quick answers/ }).check();
  await expect(stage(page, 'stt')).toContainText('The quickest that is here');
});
