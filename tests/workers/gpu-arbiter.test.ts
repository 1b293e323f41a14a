import { describe, expect, it } from 'vitest';
import { createGpuArbiter } from '../../workers/gpu-arbiter.ts';
import { never } from '../support/stage-contract.ts';

/** A voice whose pieces are done when the test says so. */
function scriptedVoice(log: string[], pieces: number) {
  const done: (() => void)[] = [];
  async function* speak(): AsyncGenerator<number> {
    for (let piece = 1; piece <= pieces; piece++) {
      log.push(`voice ${piece} begins`);
      await new Promise<void>((resolve) => done.push(resolve));
      log.push(`voice ${piece} ends`);
      yield piece;
    }
  }
  return { speak, finishPiece: () => done.shift()?.() };
}

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
  it('the language model waits while the voice computes, and goes on while the voice has enough', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    const log: string[] = [];
    const { speak, finishPiece } = scriptedVoice(log, 2);
    const sound = asVoice(speak());

    const first = sound.next();
    await locks(1, 0);
    const token = letVoiceFirst(never).then(() => log.push('token'));
    await locks(1, 1);
    expect(log).toEqual(['voice 1 begins']);
    finishPiece();
    await first;
    await token;
    expect(log).toEqual(['voice 1 begins', 'voice 1 ends', 'token']);

    // Nobody asks for the second piece yet: the loudspeaker has enough.
    await letVoiceFirst(never).then(() => log.push('token'));
    const second = sound.next();
    await locks(1, 0);
    finishPiece();
    await second;
    expect(log.slice(3)).toEqual(['token', 'voice 2 begins', 'voice 2 ends']);
  });

  it('a voice that is stuck is not waited for, nor is a cancelled answer', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    const { speak, finishPiece } = scriptedVoice([], 1);
    const sound = asVoice(speak());
    const stuck = sound.next();
    await locks(1, 0);
    await letVoiceFirst(never);
    const cancelled = new AbortController();
    cancelled.abort();
    await letVoiceFirst(cancelled.signal);
    finishPiece();
    await stuck;
  });

  it('a voice that fails or is cut off lets go', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter();
    // eslint-disable-next-line require-yield
    async function* broken(): AsyncGenerator<number> {
      throw new Error('no sound');
    }
    await expect(asVoice(broken()).next()).rejects.toThrow('no sound');
    async function* spoken(): AsyncGenerator<number> {
      yield 1;
    }
    for await (const _piece of asVoice(spoken())) break;
    await letVoiceFirst(never);
    await locks(0, 0);
  });

  it('where there are no locks, nobody waits', async () => {
    const { asVoice, letVoiceFirst } = createGpuArbiter(null);
    async function* spoken(): AsyncGenerator<number> {
      yield 1;
    }
    expect(await asVoice(spoken()).next()).toMatchObject({ value: 1 });
    await letVoiceFirst(never);
  });
});
