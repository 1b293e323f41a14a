import { describe, expect, it } from 'vitest';
import type { ViewTimer } from '../../../core/session/view.ts';
import { cancelTimer, setTimer } from '../../../core/tools/timer.ts';
import { createTimers } from '../../../core/tools/timers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const START = Date.UTC(2026, 10, 20, 12);

function scene() {
  const clock = createVirtualClock();
  const now = () => new Date(START + clock.nowMs());
  const rung: ViewTimer[] = [];
  const views: (readonly ViewTimer[])[] = [];
  const timers = createTimers({
    clock,
    now,
    onChange: () => views.push(timers.view()),
    onRing: (timer) => rung.push(timer),
  });
  const context = { now, language: () => 'en' as const, timers };
  const { signal } = new AbortController();
  return {
    clock,
    timers,
    rung,
    views,
    set: (args: unknown) => setTimer.run(args, context, signal),
    cancel: (args: unknown) => cancelTimer.run(args, context, signal),
  };
}

describe('set_timer', () => {
  it.each([
    [{ minutes: 5 }, 300, '5 minutes'],
    [{ minutes: '5', hours: null, label: '' }, 300, '5 minutes'],
    [{ seconds: 1 }, 1, '1 second'],
    [{ minutes: 90 }, 5400, '90 minutes'],
    [{ hours: 1, minutes: 30 }, 5400, '1 hour and 30 minutes'],
    [{ hours: 1, minutes: 2, seconds: 3 }, 3723, '1 hour, 2 minutes and 3 seconds'],
    [{ hours: 0.5 }, 1800, '30 minutes'],
    [{ minutes: '1.5' }, 90, '1 minute and 30 seconds'],
    [{ hours: 24 }, 86_400, '24 hours'],
  ])('[TOOL-8] %j rings after %d seconds and is called "%s"', async (args, seconds, duration) => {
    const { set, timers, clock, rung } = scene();
    expect(await set(args)).toEqual({ id: 1, duration });
    expect(timers.view()).toEqual([{ id: 1, endsAt: START + seconds * 1000, ringing: false }]);
    await clock.advance(seconds * 1000 - 1);
    expect(rung).toEqual([]);
    await clock.advance(1);
    expect(rung).toMatchObject([{ id: 1, ringing: true }]);
  });

  it.each([
    [{}, 'how long'],
    [{ minutes: 0 }, 'how long'],
    [{ minutes: -5 }, 'minutes'],
    [{ minutes: 'five' }, 'minutes'],
    [{ minutes: true }, 'minutes'],
    [{ seconds: 0.1 }, 'how long'],
    [{ hours: 24, seconds: 1 }, '24 hours'],
    [{ hours: 1e9 }, 'hours'],
    [{ minutes: 1, label: 'x'.repeat(61) }, 'label'],
  ])('[TOOL-8] refuses %j', async (args, reason) => {
    const { set, timers } = scene();
    await expect(set(args)).rejects.toMatchObject({ message: expect.stringContaining(reason) });
    expect(timers.view()).toEqual([]);
  });

  it('[TOOL-8] refuses a twenty-first timer', async () => {
    const { set } = scene();
    for (let count = 1; count <= 20; count++) await set({ minutes: count });
    await expect(set({ minutes: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('20 timers'),
    });
  });
});

describe('timers', () => {
  it('[TOOL-9] keep ringing in view until they are cancelled, the running ones in the order of their ends', async () => {
    const { set, timers, clock, views } = scene();
    await set({ minutes: 2, label: ' Tea ' });
    await set({ minutes: 1 });
    expect(timers.view().map(({ id }) => id)).toEqual([2, 1]);
    await clock.advance(60_000);
    expect(timers.view()).toMatchObject([
      { id: 2, ringing: true },
      { id: 1, label: 'Tea', ringing: false },
    ]);
    expect(timers.cancel({ id: 99 })).toBe(0);
    expect(timers.view()).toHaveLength(2);
    expect(timers.cancel({ id: 2 })).toBe(1);
    expect(timers.view().map(({ id }) => id)).toEqual([1]);
    expect(views.at(-1)).toEqual(timers.view());
    expect(views).toHaveLength(4);
  });

  it('[TOOL-9] make no sound after they were cancelled or the conversation is over', async () => {
    const { set, cancel, timers, clock, rung } = scene();
    await set({ minutes: 1 });
    await cancel({});
    await set({ minutes: 1 });
    timers.dispose();
    await clock.advance(120_000);
    expect(rung).toEqual([]);
    expect(timers.view()).toEqual([]);
  });
});

describe('cancel_timer', () => {
  it.each([
    [{}, 3],
    [{ id: null, label: null }, 3],
    [{ id: 2 }, 1],
    [{ id: '2' }, 1],
    [{ label: 'TEA' }, 2],
    [{ id: 1, label: 'pasta' }, 0],
    [{ id: 7 }, 0],
  ])('[TOOL-10] %j cancels %d of three', async (args, cancelled) => {
    const { set, cancel, timers } = scene();
    await set({ minutes: 1, label: 'tea' });
    await set({ minutes: 2, label: 'pasta' });
    await set({ minutes: 3, label: 'Tea' });
    expect(await cancel(args)).toEqual({ cancelled });
    expect(timers.view()).toHaveLength(3 - cancelled);
  });

  it('[TOOL-10] ends one that rings, and says when there is none', async () => {
    const { set, cancel, timers, clock } = scene();
    await set({ seconds: 1 });
    await clock.advance(1000);
    expect(await cancel({})).toEqual({ cancelled: 1 });
    expect(timers.view()).toEqual([]);
    expect(await cancel({})).toEqual({ cancelled: 0 });
  });
});
