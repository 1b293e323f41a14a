import {
  test as base,
  type Browser,
  type BrowserContext,
  chromium,
  expect,
  type Page,
} from '@playwright/test';
import { launchOptions } from './chromium.ts';
import { type Guard, watch } from './guard.ts';

export interface OpenOptions {
  /** WAV for the fake microphone: a launch flag, so each file gets a browser of its own. */
  wav?: string;
  /** Microphone access: granted without asking by default. */
  microphone?: 'granted' | 'denied';
}

interface Fixtures {
  /** Opens a page in a browser of its own, guarded like `page`. */
  openWithMic(options: OpenOptions): Promise<Page>;
  /** What a test expects on the console: errors that match are not failures. */
  allowedErrors: RegExp[];
}

/**
 * Playwright's `test`, with every page guarded: a request to another origin, an error on the console, an uncaught
 * exception or a breach of the content security policy fails the test.
 */
export const test = base.extend<Fixtures>({
  allowedErrors: [[], { option: true }],

  context: async ({ context, baseURL, allowedErrors }, provide) => {
    const guard = watch(context, String(baseURL));
    await provide(context);
    expect(guard.problems(allowedErrors)).toEqual([]);
  },

  openWithMic: async ({ baseURL, allowedErrors }, provide) => {
    const opened: { browser: Browser; context: BrowserContext; guard: Guard }[] = [];
    await provide(async ({ wav, microphone = 'granted' }) => {
      const options = launchOptions(wav ? { wav } : {});
      const args = options.args?.filter((flag) => microphone === 'granted' || !flag.includes('fake-ui'));
      const browser = await chromium.launch({ ...options, ...(args && { args }) });
      const context = await browser.newContext({ ...(baseURL && { baseURL }) });
      opened.push({ browser, context, guard: watch(context, String(baseURL)) });
      return context.newPage();
    });
    for (const { browser } of opened) await browser.close();
    for (const { guard } of opened) expect(guard.problems(allowedErrors)).toEqual([]);
  },
});

export { expect };
