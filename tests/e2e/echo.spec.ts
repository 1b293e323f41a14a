import { enterRoom, hearReply, interrupt } from '../support/echo-room.ts';
import { openParley } from '../support/parley-page.ts';
import { expect, test } from '../support/test.ts';

const room = { gainDb: -6, delayMs: 80 };

test('[ECHO-1] [ECHO-2] speaks to the end in an echoing room, and is interrupted by a person', async ({
  page,
}) => {
  const parley = await openParley(page, { device: 'wasm' });
  const echo = await enterRoom(parley, room);
  expect(echo.verdict).toBe('loopback');
  expect(Math.abs(echo.returnDb - room.gainDb)).toBeLessThan(1);
  expect(await hearReply(parley, 'What can you do?')).toEqual({ held: 0, cut: false, ghosts: 0 });
  expect(await hearReply(parley, 'Call my mother.')).toEqual({ held: 0, cut: false, ghosts: 0 });
  expect(await interrupt(parley, 'What can you do?', 'wait')).toBe(true);
});

test('[ECHO-3] [ECHO-4] measures once for a device, says what it found, and measures again when asked', async ({
  page,
}) => {
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  expect((await parley.echo()).verdict).toBe('system');
  await parley.setEcho(-12, 80);
  await page.getByRole('button', { name: 'Settings' }).click();
  const line = page.locator('[data-echo]');
  await expect(line).toHaveAttribute('data-echo', 'system');
  await page.getByRole('button', { name: 'Check the echo again' }).click();
  await expect(line).toHaveAttribute('data-echo', 'loopback');
  await expect(line).toContainText('12 dB');
});
