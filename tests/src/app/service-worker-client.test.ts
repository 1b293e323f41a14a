import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServiceWorkerClient } from '../../../src/app/service-worker-client.ts';

/** A browser whose service worker does what the test says. */
function createBrowser() {
  const worker = Object.assign(new EventTarget(), { state: 'installing', postMessage: vi.fn<() => void>() });
  type Slot = typeof worker | null;
  const slots: Record<'installing' | 'waiting' | 'active', Slot> = {
    installing: worker,
    waiting: null,
    active: null,
  };
  const registration = Object.assign(new EventTarget(), slots, { update: async () => {} });
  const container = Object.assign(new EventTarget(), {
    controller: null as object | null,
    register: async (): Promise<unknown> => registration,
  });
  return {
    worker,
    registration,
    container,
    become(state: string) {
      registration.installing = null;
      registration.waiting = state === 'installed' ? worker : null;
      registration.active = state === 'activated' ? worker : registration.active;
      worker.state = state;
      worker.dispatchEvent(new Event('statechange'));
    },
    control(by: object) {
      container.controller = by;
      container.dispatchEvent(new Event('controllerchange'));
    },
  };
}

let browser: ReturnType<typeof createBrowser>;
let reloads: number;
beforeEach(() => {
  browser = createBrowser();
  reloads = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function create(options: { build?: string | undefined; container?: unknown } = {}) {
  const { build, container } = { build: 'a1b2', container: browser.container, ...options };
  return createServiceWorkerClient({
    build,
    container: container as ServiceWorkerContainer | undefined,
    locks: undefined,
    reload: () => (reloads += 1),
    onChange: () => {},
  });
}

/** Whether loading may begin, after all that is under way has had its turn. */
async function mayLoad({ controlled }: { controlled: Promise<void> }): Promise<boolean> {
  let done = false;
  void controlled.then(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  return done;
}

describe('[PWA-1] loading', () => {
  it('waits until the service worker answers for the page', async () => {
    const client = create();
    expect(await mayLoad(client)).toBe(false);
    browser.become('activated');
    expect(await mayLoad(client)).toBe(false);
    browser.control(browser.worker);
    expect(await mayLoad(client)).toBe(true);
  });

  it.each([
    ['there is none', { container: undefined }],
    ['the page was not built', { build: undefined }],
  ])('does not wait where %s', async (_why, options) => {
    expect(await mayLoad(create(options))).toBe(true);
  });

  it('does not wait for one that is refused, blocked or cannot be installed', async () => {
    const refused = { register: () => Promise.reject(new TypeError('404')) };
    const blocked = { register: async () => undefined };
    for (const broken of [refused, blocked])
      expect(await mayLoad(create({ container: Object.assign(createBrowser().container, broken) }))).toBe(
        true,
      );
    const client = create();
    await mayLoad(client);
    browser.become('redundant');
    expect(await mayLoad(client)).toBe(true);
  });

  it('does not wait for one that takes itself away', async () => {
    const client = create();
    await mayLoad(client);
    browser.become('activated');
    expect(await mayLoad(client)).toBe(false);
    browser.become('redundant');
    expect(await mayLoad(client)).toBe(true);
  });

  it('does not wait for ever', async () => {
    const client = create();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await mayLoad(client)).toBe(true);
  });
});

describe('[PWA-4] another build', () => {
  async function createRunning() {
    browser.become('activated');
    browser.container.controller = browser.worker;
    const client = create();
    await mayLoad(client);
    return client;
  }

  it('is ready when it waits beside the one in charge, and a first one is no news', async () => {
    const first = create();
    await mayLoad(first);
    browser.become('installed');
    expect(first.updateReady()).toBe(false);
    browser = createBrowser();
    const client = await createRunning();
    expect(client.updateReady()).toBe(false);
    browser.registration.waiting = createBrowser().worker;
    expect(client.updateReady()).toBe(true);
  });

  it('takes over when asked, and only then this page reloads', async () => {
    const client = await createRunning();
    const { worker } = createBrowser();
    browser.registration.waiting = worker;
    client.applyUpdate();
    expect(worker.postMessage).toHaveBeenCalledExactlyOnceWith('take-over');
    expect(reloads).toBe(0);
    browser.control(worker);
    expect(reloads).toBe(1);
  });

  it('that another page put in charge leaves this one as it is, and is a reload away', async () => {
    const client = await createRunning();
    browser.control(createBrowser().worker);
    expect([reloads, client.updateReady()]).toEqual([0, true]);
    client.applyUpdate();
    expect(reloads).toBe(1);
  });
});
