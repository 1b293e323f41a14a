import type { Page, Worker } from '@playwright/test';

declare global {
  /** In a worker whose script `watchDevices` has prepared. */
  var testDevices: GPUDevice[];
}

/** Runs `code` in the worker before its own script. */
async function prepend(page: Page, worker: string, code: string): Promise<void> {
  await page.route(`**/${worker}.worker-*.js`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

/** The worker finds no graphics chip, though the page found one. */
export async function withoutGpu(page: Page, worker: string): Promise<void> {
  await prepend(page, worker, 'navigator.gpu.requestAdapter = async () => null;');
}

/** Lets `destroyDevices` find what the worker uses of the graphics chip. */
export async function watchDevices(page: Page, worker: string): Promise<void> {
  await prepend(
    page,
    worker,
    `globalThis.testDevices = [];
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (options) {
      const device = await request.call(this, options);
      testDevices.push(device);
      return device;
    };`,
  );
}

/** Takes the graphics chip away, as a driver that is reset does. */
export async function destroyDevices(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    for (const device of testDevices) device.destroy();
  });
}

/** From its next `reads` answers on, the graphics chip gives none until `destroyDevices` takes it away. */
export async function hangDevices(worker: Worker, reads: number): Promise<void> {
  await worker.evaluate((left) => {
    const read = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = async function (...args) {
      if (left-- <= 0) await Promise.race(testDevices.map(({ lost }) => lost));
      return read.apply(this, args);
    };
  }, reads);
}
