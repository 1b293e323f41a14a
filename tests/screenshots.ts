/** `npm run screenshots`: pictures of the plan on four emulated devices, for docs/PLACEMENT.md. */
import { chromium } from '@playwright/test';
import type { DeviceFacts } from '../core/placement/device-facts.ts';
import { createApp } from '../server/app.ts';
import { launchOptions } from './support/chromium.ts';
import { android, desktop, gpu, oldGpu } from './support/devices.ts';
import { emulateDevice } from './support/emulated-device.ts';
import { freePort } from './support/free-port.ts';

/** Tall enough for the whole dialog. */
const HEIGHT = 4_000;

const devices: Readonly<Record<string, { facts: DeviceFacts; width: number }>> = {
  phone: { facts: android(4, 8, gpu()), width: 390 },
  'intel-laptop': { facts: desktop(8, 8, oldGpu), width: 700 },
  'large-card': { facts: desktop(32, 16, gpu()), width: 700 },
  'no-webgpu': { facts: desktop(2, 2, null), width: 700 },
};

const port = freePort();
const app = await createApp({
  pageDir: `${process.cwd()}/dist/`,
  modelsDir: `${process.cwd()}/public/models/`,
});
await app.listen({ port, host: 'localhost' });
const browser = await chromium.launch(launchOptions());
try {
  for (const [name, { facts, width }] of Object.entries(devices)) {
    const context = await browser.newContext({ viewport: { width, height: HEIGHT } });
    const page = await context.newPage();
    await emulateDevice(page, facts);
    await page.goto(`http://localhost:${port}/`);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'What runs where, and why' }).click();
    await page.locator('[data-stage="llm"] summary').click();
    const dialog = page.locator('dialog[open]');
    await dialog.evaluate((element) => {
      element.style.maxHeight = 'none';
      element.style.animation = 'none';
    });
    await dialog.screenshot({ path: `docs/plan-${name}.png` });
    await context.close();
  }
} finally {
  await browser.close();
  await app.close();
}
