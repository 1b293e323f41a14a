import { describe, expect, it } from 'vitest';
import { createGpuArbiter } from '../../workers/gpu-arbiter.ts';
import { never } from '../support/stage-contract.ts';

/** Until so many hold a lock and wait for one: they are granted by another thread. */
async function locks(held: number, pending: number): Promise<void> {
  await expect
    .poll(async () => {
      const state = await navigator.locks.query();
      return [state.held?.length, state.pending?.length];
    })
    .toEqual([held, pending]);
}

describe('[GPU-1] one graphics chip for voice and words', () => {
  it('the language model waits while the voice computes a piece, and goes on between two pieces', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    const log: string[] = [];
    const piece = Promise.withResolvers<void>();
    const voice = asVoice(() => piece.promise.then(() => log.push('voice')));
    await locks(1, 0);
    const token = letVoiceFirst(never).then(() => log.push('token'));
    await locks(1, 1);
    expect(log).toEqual([]);
    piece.resolve();
    await Promise.all([voice, token]);
    expect(log).toEqual(['voice', 'token']);

    await letVoiceFirst(never);
    await locks(0, 0);
    expect(await asVoice(async () => 'the next piece')).toBe('the next piece');
  });

  it('a voice that is stuck is not waited for, nor by a cancelled answer', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    const piece = Promise.withResolvers<void>();
    const stuck = asVoice(() => piece.promise);
    await locks(1, 0);
    await letVoiceFirst(never);
    const cancelled = new AbortController();
    cancelled.abort();
    await letVoiceFirst(cancelled.signal);
    piece.resolve();
    await stuck;
  });

  it('a voice that fails lets go', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    await expect(asVoice(() => Promise.reject(new Error('no sound')))).rejects.toThrow('no sound');
    await letVoiceFirst(never);
    await locks(0, 0);
  });

  it('where there are no locks, nobody waits', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter(null);
    expect(await asVoice(async () => 'sound')).toBe('sound');
    await letVoiceFirst(never);
  });
});
