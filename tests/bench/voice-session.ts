import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { launchOptions } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { openParley } from '../support/parley-page.ts';
import type { ParleyPage } from '../support/parley-page.ts';

export interface VoiceSession {
  parley: ParleyPage;
  page: Page;
  close(): Promise<void>;
}

interface VoiceSessionOptions {
  device: 'wasm' | 'webgpu';
  settings?: object;
  /** Another page than Parley's own: its folder and address. */
  other?: { folder: string; path: string };
}

/** Starts the real server on the build in dist/ and opens the real page, with a person in front of it. */
export async function openVoiceSession({
  device,
  settings = {},
  other,
}: VoiceSessionOptions): Promise<VoiceSession> {
  const port = String(freePort());
  const pageDir = other && { PARLEY_TEST_PAGE: other.folder };
  const server = spawn(process.execPath, ['tests/support/serve.ts'], {
    env: { ...process.env, ...pageDir, PORT: port, HOST: 'localhost' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  const browser = await chromium.launch(launchOptions());
  const context = await browser.newContext({ baseURL: `http://localhost:${port}` });
  const page = await context.newPage();
  const parley = await openParley(page, { device, settings, path: other?.path ?? '/' });
  await parley.talk();
  if (other === undefined) await parley.echo();
  return {
    parley,
    page,
    async close() {
      await browser.close();
      server.kill();
    },
  };
}

/** Memory of the page with its workers in MB, as the browser counts it. */
export async function pageMegabytes(page: Page): Promise<number> {
  const bytes = await page.evaluate(async () => {
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return measure === undefined ? Number.NaN : (await measure.call(performance)).bytes;
  });
  return Math.round(bytes / 1e5) / 10;
}
