import { expect, type Page, type Worker } from '@playwright/test';

/** The running thread of a stage; the last of its name, for one before it may be on its way out. */
export function thread(page: Page, name: string): Worker {
  const worker = page.workers().findLast((each) => each.url().includes(`${name}.worker`));
  if (worker === undefined) throw new Error(`no ${name} worker is running`);
  return worker;
}

/** Waits until another thread has taken the place of this one. */
export async function replaced(page: Page, name: string, worker: Worker): Promise<void> {
  const others = () =>
    page.workers().filter((each) => each !== worker && each.url().includes(`${name}.worker`));
  await expect.poll(() => others().length, { timeout: 60_000 }).toBeGreaterThan(0);
}

/** Ends the thread of a stage as a crash would, and waits until another has taken its place. */
export async function killThread(page: Page, name: string): Promise<void> {
  const worker = thread(page, name);
  await worker.evaluate(() => self.close());
  await replaced(page, name, worker);
}
