import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createChannel } from '../../core/channel.ts';
import { AppError } from '../../core/errors.ts';
import type { StreamReply } from '../../boundary/stream-protocol.ts';
import { dropStream, readStream } from '../../boundary/stream-reader.ts';
import { serveStream, takePort } from '../../boundary/stream-server.ts';
import { collect } from '../support/stage-contract.ts';

/** The stream as the other side of a thread boundary sees it. */
function across<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
  return readStream<T>(takePort(stream));
}

async function* counting(until: number): AsyncGenerator<number> {
  for (let n = 1; n <= until; n++) yield n;
}

/** A stream that waits for ever after its first value, and says when it was left. */
function endless(): { stream: AsyncIterable<number>; left: Promise<void> } {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  async function* values(): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      resolve();
    }
  }
  return { stream: values(), left };
}

describe('a stream across a port', () => {
  it('delivers its values in order and ends', async () => {
    expect(await collect(across(counting(5)))).toEqual([1, 2, 3, 4, 5]);
  });

  it('asks the producer for nothing before it is read', async () => {
    let asked = 0;
    const stream: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        asked++;
        return counting(1);
      },
    };
    const remote = across(stream);
    await collect(across(counting(3)));
    expect(asked).toBe(0);
    await collect(remote);
    expect(asked).toBe(1);
  });

  it('answers several requests made ahead, in order', async () => {
    const iterator = across(counting(3))[Symbol.asyncIterator]();
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => iterator.next()));
    expect(results.map(({ value }) => value as unknown)).toEqual([1, 2, 3, undefined, undefined]);
    expect(results.map(({ done }) => done === true)).toEqual([false, false, false, true, true]);
  });

  it('runs the producer’s `finally` when the consumer breaks off', async () => {
    const { stream, left } = endless();
    for await (const value of across(stream)) if (value === 2) break;
    await left;
  });

  it('cancels the producer even while it is waiting for its next value', async () => {
    const { port1, port2 } = new MessageChannel();
    const cancelled = Promise.withResolvers<void>();
    const stuck: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    };
    serveStream(stuck, port1, { cancel: cancelled.resolve });
    const iterator = readStream(port2)[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    await cancelled.promise;
  });

  it('keeps code, words and retryability of an error, and the cause as text', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new AppError('gpu.lost', 'The GPU is gone.', { retryable: true, cause: new Error('device') });
    }
    const iterator = across(failing())[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    const error = await iterator.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'gpu.lost', message: 'The GPU is gone.', retryable: true });
    expect((error as AppError).cause).toBe('Error: device');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('turns a value that cannot be copied into an error, and ends the producer', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    async function* odd(): AsyncGenerator<unknown> {
      try {
        yield () => {};
      } finally {
        resolve();
      }
    }
    await expect(collect(across(odd()))).rejects.toMatchObject({ code: 'engine.failed' });
    await left;
  });

  it('ends with `worker.died` when the port of the producer closes', async () => {
    const { port1, port2 } = new MessageChannel();
    const reading = collect(readStream(port2));
    port1.close();
    await expect(reading).rejects.toMatchObject({ code: 'worker.died', retryable: true });
  });

  it('ends the producer when the port of the consumer closes', async () => {
    const { stream, left } = endless();
    const port = takePort(stream);
    port.postMessage({ type: 'next' });
    await new Promise((resolve) => port.addEventListener('message', resolve, { once: true }));
    port.close();
    await left;
  });

  it('can be read once only', async () => {
    const stream = across(counting(1));
    await collect(stream);
    await expect(collect(stream)).rejects.toThrow(TypeError);
  });
});

describe('samples in a stream', () => {
  it('are transferred, not copied, when they own their buffer', async () => {
    const samples = Float32Array.of(0.25, -0.5);
    async function* speaking(): AsyncGenerator<unknown> {
      yield { type: 'audio', pcm: { samples, rateHz: 16_000 } };
    }
    expect(await collect(across(speaking()))).toEqual([
      { type: 'audio', pcm: { samples: Float32Array.of(0.25, -0.5), rateHz: 16_000 } },
    ]);
    expect(samples.length).toBe(0);
  });

  it('are copied when they are part of a larger buffer', async () => {
    const memory = new Float32Array(100);
    async function* speaking(): AsyncGenerator<unknown> {
      yield { samples: memory.subarray(10, 12), rateHz: 16_000 };
    }
    await collect(across(speaking()));
    expect(memory.length).toBe(100);
  });
});

describe('a received stream that nobody has read', () => {
  it('is forwarded by its port: the thread in the middle sees no value', async () => {
    const port = takePort(counting(3));
    const middle = readStream(port);
    expect(takePort(middle)).toBe(port);
    expect(await collect(readStream(port))).toEqual([1, 2, 3]);
  });

  it('cannot be read or forwarded again afterwards', async () => {
    const middle = across(counting(3));
    takePort(middle).close();
    await expect(collect(middle)).rejects.toThrow(TypeError);
  });

  it('cannot be forwarded once reading began', async () => {
    const middle = across(counting(3));
    await middle[Symbol.asyncIterator]().next();
    await expect(collect(across(middle))).rejects.toMatchObject({ code: 'engine.failed' });
  });

  it('ends its producer when it is dropped', async () => {
    const returned = Promise.withResolvers<void>();
    const stream: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 1 }),
        return() {
          returned.resolve();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    dropStream(across(stream));
    await returned.promise;
  });

  it('ends its producer when it is forgotten and collected', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const returned = Promise.withResolvers<void>();
    const { port1, port2 } = new MessageChannel();
    serveStream(counting(1), port1, { cancel: returned.resolve });
    readStream(port2);
    const again = setInterval(collectGarbage, 10);
    await returned.promise;
    clearInterval(again);
  });
});

describe('a stream inside a streamed value', () => {
  interface Started {
    type: 'speech.started';
    audio: AsyncIterable<number>;
  }

  async function* events(audio: AsyncIterable<number>): AsyncGenerator<Started> {
    yield { type: 'speech.started', audio };
  }

  it('arrives as a stream beside the other properties', async () => {
    const [event] = await collect(across(events(counting(3))));
    expect(event?.type).toBe('speech.started');
    expect(await collect(event!.audio)).toEqual([1, 2, 3]);
  });

  it('is forwarded through two boundaries without being read between them', async () => {
    const [event] = await collect(across(across(events(counting(3)))));
    const port = takePort(event!.audio);
    expect(await collect(readStream(port))).toEqual([1, 2, 3]);
  });

  it('lets its producer go when it is given up unread', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const audio = createChannel<number>(resolve);
    audio.push(1);
    const [event] = await collect(across(events(audio)));
    await event!.audio[Symbol.asyncIterator]().return?.();
    await left;
    expect(await collect(audio)).toEqual([]);
  });

  it('travels as a port by the property’s name, so that a worklet can read it', async () => {
    const port = takePort(events(counting(1)));
    port.start();
    const reply = await new Promise<StreamReply>((resolve) => {
      port.addEventListener('message', ({ data }: MessageEvent<StreamReply>) => resolve(data), {
        once: true,
      });
      port.postMessage({ type: 'next' });
    });
    expect(reply).toMatchObject({ type: 'value', value: { type: 'speech.started' } });
    expect(reply.type === 'value' && reply.streams?.['audio']).toBeInstanceOf(MessagePort);
    port.close();
  });
});
