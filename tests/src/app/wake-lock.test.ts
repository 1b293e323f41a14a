import { beforeEach, describe, expect, it } from 'vitest';
import { createWakeLock } from '../../../src/app/wake-lock.ts';

/** A browser that grants the lock when the test says so, and takes it from a page that is hidden. */
function createScreen() {
  const visible: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' };
  const page = Object.assign(new EventTarget(), visible);
  const held = new Set<{ released: boolean }>();
  const answers: ((granted: boolean) => void)[] = [];
  let asked = 0;
  const wakeLock = {
    request: () =>
      new Promise<WakeLockSentinel>((resolve, reject) => {
        asked += 1;
        answers.push((granted) => {
          if (!granted) return reject(new DOMException('low battery', 'NotAllowedError'));
          const lock = {
            released: false,
            async release() {
              lock.released = true;
              held.delete(lock);
            },
          };
          held.add(lock);
          return resolve(lock as unknown as WakeLockSentinel);
        });
      }),
  };
  return {
    page,
    wakeLock,
    asked: () => asked,
    heldNow: () => held.size,
    async answer(granted: boolean) {
      answers.shift()?.(granted);
      await settled();
    },
    async show(visible: boolean) {
      page.visibilityState = visible ? 'visible' : 'hidden';
      if (!visible)
        for (const lock of held) {
          lock.released = true;
          held.delete(lock);
        }
      page.dispatchEvent(new Event('visibilitychange'));
      await settled();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

let screen: ReturnType<typeof createScreen>;
let keepOn: (wanted: boolean) => void;
beforeEach(() => {
  screen = createScreen();
  keepOn = createWakeLock({ wakeLock: screen.wakeLock, document: screen.page });
});

describe('[PWA-8] the screen', () => {
  it('is kept on while it is wanted, asked for once', async () => {
    keepOn(true);
    keepOn(true);
    await screen.answer(true);
    expect([screen.asked(), screen.heldNow()]).toEqual([1, 1]);
    keepOn(false);
    await settled();
    expect(screen.heldNow()).toBe(0);
  });

  it('is let go where the wish ends before the browser has answered', async () => {
    keepOn(true);
    keepOn(false);
    await screen.answer(true);
    expect(screen.heldNow()).toBe(0);
  });

  it('is kept on again when the page comes back, and only then', async () => {
    keepOn(true);
    await screen.answer(true);
    await screen.show(false);
    expect([screen.asked(), screen.heldNow()]).toEqual([1, 0]);
    await screen.show(true);
    await screen.answer(true);
    expect([screen.asked(), screen.heldNow()]).toEqual([2, 1]);
  });

  it('is not asked for by a hidden page, nor when it comes back to a conversation that has ended', async () => {
    await screen.show(false);
    keepOn(true);
    await settled();
    keepOn(false);
    await screen.show(true);
    expect(screen.asked()).toBe(0);
  });

  it('goes dark as ever where the browser refuses or knows no such thing', async () => {
    keepOn(true);
    await screen.answer(false);
    expect(screen.heldNow()).toBe(0);
    await screen.show(true);
    await screen.answer(true);
    expect(screen.heldNow()).toBe(1);
    expect(() => createWakeLock({ wakeLock: undefined, document: screen.page })(true)).not.toThrow();
  });
});
