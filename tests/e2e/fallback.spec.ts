import type { Page } from '@playwright/test';
import { destroyDevices, hangDevices, watchDevices } from '../support/faulty-gpu.ts';
import { openParley, planned, type ParleyPage } from '../support/parley-page.ts';
import { replaceText } from '../support/spoiled-program.ts';
import { expect, test as base } from '../support/test.ts';
import { replaced, thread } from '../support/threads-of-page.ts';
import { serveWebLlmSite, type WebLlmSite } from '../support/web-llm-site.ts';

const test = base.extend<object, { site: WebLlmSite }>({
  site: [
    async ({ browserName: _any }, provide) => {
      const site = await serveWebLlmSite();
      await provide(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, provide) => provide(site.url),
});

const answers = (page: Page) => page.locator('.message[data-role="assistant"][data-state="final"]');
const notices = (page: Page) => page.locator('.notice');

/** The page of a person who wants the model in WebLLM's form. */
const openWithWebLlm = (page: Page, { model }: WebLlmSite): Promise<ParleyPage> =>
  openParley(page, {
    device: 'wasm',
    settings: { choices: { llm: { model: model.id, place: 'webgpu' } } },
  });

/** Types, and waits for one more answer. */
async function ask({ page, type }: ParleyPage, question: string, answer: string): Promise<void> {
  const before = await answers(page).count();
  await type(question);
  await expect(answers(page)).toHaveCount(before + 1);
  await expect(answers(page).last()).toContainText(answer);
}

test.beforeEach(({ site }) => site.restore());

test('[PLACE-7] [WEBLLM-2] a chosen model in the form of WebLLM answers in the page', async ({
  page,
  site,
}) => {
  const parley = await openWithWebLlm(page, site);
  await ask(parley, 'tell me a joke', 'Why did the chicken cross the road? To get across.');
  await ask(parley, 'I am Anna', 'You must be Anna.');
  await ask(parley, 'who am I', 'You must be Anna.');
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const serving = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Micro chat (WebLLM)' });
  await expect(serving.first()).toContainText('WebLLM on the graphics chip');
  await expect(serving.first()).toContainText('Ready');
  await expect(notices(page)).toHaveCount(0);
});

test.describe('[E2E-14] [WEBLLM-5] where a model in the form of WebLLM cannot run', () => {
  // WebLLM writes these itself when its device goes, or when the device refuses a shader.
  test.use({ allowedErrors: [/Device lost, calling Instance\.dispose|A WebGPU error was not captured/] });

  for (const { name, change, why } of [
    {
      name: 'that wants what this WebLLM does not have',
      change: (program: Buffer) => replaceText(program, 'TVMFFIWasmSafeCall', 'TVMFFIWasmDeftCall'),
      why: 'The program of Micro chat (WebLLM) was made for another version of WebLLM.',
    },
    {
      name: 'that lacks what this WebLLM calls',
      change: (program: Buffer) => replaceText(program, 'decode\0', 'detach\0'),
      why: 'The program of Micro chat (WebLLM) was made for another version of WebLLM.',
    },
    {
      name: 'whose shader does not compile',
      change: (program: Buffer) => replaceText(program, 'var sum = 0.0;', 'var sum = 0.0!'),
      why: 'This GPU cannot run Micro chat (WebLLM)',
    },
  ])
    test(`the starter model answers instead of a program ${name}, and the page says why`, async ({
      page,
      site,
    }) => {
      await site.spoil(change);
      const parley = await openWithWebLlm(page, site);
      await ask(parley, 'Who are you?', 'Parley');
      await expect(notices(page)).toHaveCount(1);
      await expect(notices(page)).toContainText(why);
      await expect(notices(page)).toContainText('Llama (starter) takes over on the processor.');
      await ask(parley, 'What is twelve times seven?', '84');
      expect(await planned(page, 'llm')).toMatch(/Micro chat \(WebLLM\).* failed, and this took over/);
      await expect(notices(page)).toHaveCount(1);
    });

  test('a GPU that is lost in mid-reply comes back, and lost again, the starter model goes on', async ({
    page,
    site,
  }) => {
    await watchDevices(page, 'web-llm');
    const parley = await openWithWebLlm(page, site);
    await ask(parley, 'I am Anna', 'You must be Anna.');

    const first = await loseGpuInMidReply(parley);
    await expect(notices(page).last()).toContainText('The GPU was reset');
    await replaced(page, 'web-llm', first);
    // Who Anna is, the new thread knows from the conversation only.
    await ask(parley, 'who am I', 'You must be Anna.');

    await loseGpuInMidReply(parley);
    await expect(notices(page).last()).toContainText('Llama (starter) takes over on the processor.');
    await ask(parley, 'What is twelve times seven?', '84');
    expect(await planned(page, 'llm')).toMatch(/Micro chat \(WebLLM\).* failed, and this took over/);
    await expect(page.locator('.message[data-role="user"]').first()).toContainText('I am Anna');
  });
});

/** @returns the thread whose GPU it was */
async function loseGpuInMidReply({ page, type }: ParleyPage) {
  const worker = thread(page, 'web-llm');
  await hangDevices(worker, 3);
  await type('tell me who I am');
  await expect(page.locator('.message[data-role="assistant"][data-state="partial"]')).toContainText('You');
  await destroyDevices(worker);
  return worker;
}
