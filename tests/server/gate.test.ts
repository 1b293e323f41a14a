import { describe, expect, it } from 'vitest';
import { createEspeak } from '../../engines/espeak.ts';
import { admitSynthesizer } from '../../server/engines/admit.ts';
import type { CallTimes } from '../../server/engines/admit.ts';
import { BusyError, createGate } from '../../server/engines/gate.ts';
import { never } from '../support/stage-contract.ts';

describe('a gate', () => {
  it('[SRV-6] lets so many in at once, has so many wait, and refuses the rest', async () => {
    const gate = createGate('The voice', { atOnce: 1, waiting: 1 });
    const leave = await gate.enter('a', never);
    const second = gate.enter('b', never);
    await expect(gate.enter('c', never)).rejects.toBeInstanceOf(BusyError);
    await expect(gate.enter('c', never)).rejects.toMatchObject({ code: 'server.busy', retryable: true });
    leave();
    const leaveSecond = await second;
    expect([gate.working(), gate.waiting()]).toEqual([1, 0]);
    leaveSecond();
    expect(gate.working()).toBe(0);
  });

  it('[SRV-6] asks for more patience the more are waiting', async () => {
    const refusal = async (waiting: number): Promise<number> => {
      const gate = createGate('The voice', { atOnce: 1, waiting });
      for (let each = 0; each <= waiting; each++) void gate.enter(`caller ${each}`, never);
      return gate.enter('late', never).then(
        () => 0,
        (error: BusyError) => error.retryAfterS,
      );
    };
    expect(await refusal(0)).toBeGreaterThanOrEqual(1);
    expect(await refusal(20)).toBeGreaterThan(await refusal(0));
  });

  it('[SRV-6] takes the callers in turn, however many calls one of them has waiting', async () => {
    const gate = createGate('The voice', { atOnce: 1, waiting: 10 });
    const served: string[] = [];
    const first = await gate.enter('greedy', never);
    const calls = ['greedy', 'greedy', 'greedy', 'modest', 'shy'].map(async (owner) => {
      const leave = await gate.enter(owner, never);
      served.push(owner);
      leave();
    });
    first();
    await Promise.all(calls);
    expect(served).toEqual(['greedy', 'modest', 'shy', 'greedy', 'greedy']);
  });

  it('[SRV-6] is not held by a caller who gives up while waiting, nor opened twice by one who leaves twice', async () => {
    const gate = createGate('The voice', { atOnce: 1, waiting: 2 });
    const controller = new AbortController();
    const leave = await gate.enter('a', never);
    const given = gate.enter('b', controller.signal);
    const third = gate.enter('c', never);
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    leave();
    leave();
    await third;
    expect([gate.working(), gate.waiting()]).toEqual([1, 0]);
  });
});

describe('a stage behind a gate', () => {
  const spoken = (count: number, left: () => void = () => {}) => ({
    ...createEspeak({ assetUrl: '', read: () => Promise.reject(new Error('not loaded')) }),
    async *speak() {
      try {
        for (let chunk = 0; chunk < count; chunk++) yield { samples: new Float32Array(100), rateHz: 24_000 };
      } finally {
        left();
      }
    },
  });
  const gate = createGate('The voice', { atOnce: 1, waiting: 0 });
  const voice = { id: 'en', speed: 1 };

  it('[SRV-6] is free for others as soon as it is done, however slow its reader is', async () => {
    const times: CallTimes[] = [];
    const admission = { gate, owner: 'a', observe: (call: CallTimes) => times.push(call) };
    const spoke = admitSynthesizer(spoken(50), admission).speak('Hello.', voice, never);
    const sound = spoke[Symbol.asyncIterator]();
    expect((await sound.next()).done).toBe(false);
    await expect.poll(() => gate.working()).toBe(0);
    expect(times).toMatchObject([{ outcome: 'ok', firstMs: expect.any(Number) }]);
    let rest = 0;
    while (!(await sound.next()).done) rest += 1;
    expect(rest).toBe(49);
  });

  it('[SRV-6] is stopped, and free, when its reader leaves', async () => {
    let left = false;
    const synthesizer = spoken(Infinity, () => (left = true));
    const admission = { gate, owner: 'a', observe: () => {} };
    for await (const _chunk of admitSynthesizer(synthesizer, admission).speak('Hello.', voice, never)) break;
    await expect.poll(() => [left, gate.working()]).toEqual([true, 0]);
  });
});
