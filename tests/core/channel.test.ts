import { describe, expect, it } from 'vitest';
import { createChannel } from '../../core/channel.ts';

describe('a channel', () => {
  it('gives what was pushed, then ends', async () => {
    const channel = createChannel<number>();
    channel.push(1);
    channel.push(2);
    channel.close();
    channel.push(3);
    const values: number[] = [];
    for await (const value of channel) values.push(value);
    expect(values).toEqual([1, 2]);
  });

  it('gives what was pushed before an error, then the error, once', async () => {
    const channel = createChannel<number>();
    channel.push(1);
    channel.close(new Error('broken'));
    const reader = channel[Symbol.asyncIterator]();
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await expect(reader.next()).rejects.toThrow('broken');
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('tells the producer when the consumer leaves, also before its first value or while it waits', async () => {
    for (const waiting of [false, true]) {
      let left = 0;
      const reader = createChannel<number>(() => (left += 1))[Symbol.asyncIterator]();
      const pending = waiting ? reader.next() : undefined;
      await reader.return?.();
      await reader.return?.();
      expect(left).toBe(1);
      expect(await (pending ?? reader.next())).toEqual({ done: true, value: undefined });
    }
  });
});
