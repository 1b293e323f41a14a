import { expect, it } from 'vitest';
import type { Language } from '../../../core/settings/settings.ts';
import { getDate, getTime } from '../../../core/tools/time.ts';
import { createTimers } from '../../../core/tools/timers.ts';
import type { ToolContext } from '../../../core/tools/tool.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function context(language: Language): ToolContext {
  const now = () => new Date(2026, 10, 20, 15, 42);
  const timers = createTimers({ clock: createVirtualClock(), now, onChange: () => {}, onRing: () => {} });
  return { now, language: () => language, timers };
}

const { signal } = new AbortController();

it('[TOOL-5] time and date are local and in words of the language, with plain spaces', async () => {
  expect(await getTime.run({}, context('en'), signal)).toEqual({ time: '3:42 PM' });
  expect(await getDate.run({}, context('en'), signal)).toEqual({ date: 'Friday, November 20, 2026' });
  expect(await getTime.run({}, context('de'), signal)).toEqual({ time: '15:42' });
  expect(await getDate.run({}, context('de'), signal)).toEqual({ date: 'Freitag, 20. November 2026' });
  expect(await getDate.run({}, context('hi'), signal)).toEqual({ date: expect.stringContaining('शुक्रवार') });
});

it('[TOOL-5] arguments that nobody asked for do no harm', async () => {
  expect(await getTime.run({ timezone: 'UTC' }, context('en'), signal)).toEqual({ time: '3:42 PM' });
});
