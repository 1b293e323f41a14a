import { afterEach, describe, expect, it, vi } from 'vitest';
import { onLost, readStream } from '../../boundary/stream-reader.ts';
import { takePort } from '../../boundary/stream-server.ts';
import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import { AppError } from '../../core/errors.ts';
import { aborted, collect, never } from '../support/stage-contract.ts';
import { closeAllThreads, createFakeThread } from '../support/threads.ts';
import type { FakeThread } from '../support/threads.ts';

interface Api {
  configure(config: string): void;
  configured(): Promise<string>;
  fail(): Promise<void>;
  hang(signal: AbortSignal): Promise<void>;
  count(until: number): AsyncIterable<number>;
  silent(): AsyncIterable<number>;
  sum(numbers: AsyncIterable<number>): Promise<number>;
  /** One value, then silence until the signal fires. */
  wait(signal: AbortSignal): AsyncIterable<string>;
}

/** What happened in the worker, in order. */
let log: string[] = [];

function createApi(): Api {
  let configuration = 'none';
  return {
    configure(config) {
      configuration = config;
    },
    configured: async () => configuration,
    async fail() {
      throw new AppError('model.missing', 'The file is missing.');
    },
    hang: () => new Promise<never>(() => {}),
    async *count(until) {
      for (let n = 1; n <= until; n++) yield n;
    },
    silent: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
    async sum(numbers) {
      let sum = 0;
      for await (const n of numbers) sum += n;
      return sum;
    },
    async *wait(signal) {
      try {
        yield 'waiting';
        await new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('aborted', 'Stopped.')));
        });
      } finally {
        log.push('finally');
        stopped?.();
      }
    },
  };
}

let stopped: (() => void) | undefined;

function createBridge() {
  const threads: FakeThread[] = [];
  const deaths: AppError[] = [];
  const bridge = createWorkerBridge<Api>({
    name: 'Counting',
    config: 'starter',
    spawn() {
      const thread = createFakeThread(createApi());
      threads.push(thread);
      return thread;
    },
    onDeath: (error) => deaths.push(error),
  });
  return { bridge, threads, deaths };
}

afterEach(() => {
  log = [];
  stopped = undefined;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a worker bridge', () => {
  it('starts the thread at the first call and configures it first', async () => {
    const { bridge, threads } = createBridge();
    expect(threads).toHaveLength(0);
    expect(await bridge.call('configured')).toBe('starter');
    await bridge.call('configured');
    expect(threads).toHaveLength(1);
    bridge.terminate();
  });

  it('streams, and keeps the code of errors', async () => {
    const { bridge } = createBridge();
    expect(await collect(bridge.stream('count', 3))).toEqual([1, 2, 3]);
    await expect(bridge.call('fail')).rejects.toMatchObject({ code: 'model.missing' });
    bridge.terminate();
  });

  it('passes a stream from one worker to another by its port', async () => {
    const { bridge: first } = createBridge();
    const { bridge: second } = createBridge();
    const numbers = first.stream('count', 4);
    expect(await second.call('sum', numbers)).toBe(10);
    await expect(collect(numbers)).rejects.toThrow(TypeError);
    first.terminate();
    second.terminate();
  });

  it('hands a stream to a worklet by its port', async () => {
    const { bridge } = createBridge();
    expect(await collect(readStream(takePort(bridge.stream('count', 2))))).toEqual([1, 2]);
    bridge.terminate();
  });

  it('answers an unknown method with an error', async () => {
    const { bridge } = createBridge();
    await expect(bridge.call('constructor' as 'fail')).rejects.toMatchObject({ code: 'engine.failed' });
    await expect(collect(bridge.stream('nothing' as 'count', 1))).rejects.toMatchObject({
      code: 'engine.failed',
    });
    bridge.terminate();
  });
});

describe('giving up', () => {
  it('rejects with `aborted` at once, even when the worker does not answer', async () => {
    const { bridge } = createBridge();
    const controller = new AbortController();
    const call = bridge.call('hang', controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    await expect(bridge.call('hang', aborted())).rejects.toMatchObject({ code: 'aborted' });
    await expect(collect(bridge.stream('wait', aborted()))).rejects.toMatchObject({ code: 'aborted' });
    bridge.terminate();
  });

  it('runs `finally` in the worker when the signal fires', async () => {
    const { bridge } = createBridge();
    const done = new Promise<void>((resolve) => (stopped = resolve));
    const controller = new AbortController();
    const iterator = bridge.stream('wait', controller.signal)[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    await done;
    bridge.terminate();
  });

  it('runs `finally` in the worker on `break`, though its next value is pending and no signal fired', async () => {
    const { bridge } = createBridge();
    const done = new Promise<void>((resolve) => (stopped = resolve));
    const iterator = bridge.stream('wait', never)[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    await iterator.return?.();
    expect((await pending).done).toBe(true);
    await done;
    expect(log).toEqual(['finally']);
    bridge.terminate();
  });
});

describe('a worker that dies', () => {
  const died = {
    code: 'worker.died',
    retryable: true,
    message: expect.stringContaining('Counting') as string,
  };

  it('fails calls and streams in flight, and the next call starts another', async () => {
    const { bridge, threads, deaths } = createBridge();
    const call = bridge.call('hang', never);
    const iterator = bridge.stream('wait', never)[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    threads[0]?.crash();
    await expect(call).rejects.toMatchObject(died);
    await expect(pending).rejects.toMatchObject(died);
    expect(threads[0]?.terminated).toBe(true);
    expect(deaths).toHaveLength(1);
    expect(await bridge.call('configured')).toBe('starter');
    expect(threads).toHaveLength(2);
    bridge.terminate();
  });

  it('is noticed by its Web Lock when it closes itself', async () => {
    const { bridge, threads, deaths } = createBridge();
    await bridge.call('configured');
    const call = bridge.call('hang', never);
    await closeAllThreads();
    await expect(call).rejects.toMatchObject(died);
    expect(threads[0]?.terminated).toBe(true);
    expect(deaths).toHaveLength(1);
  });

  it('is noticed by a probe when it hangs', async () => {
    const { bridge, threads } = createBridge();
    await bridge.probe(1);
    expect(threads).toHaveLength(0);
    await bridge.call('configured');
    await bridge.probe(60_000);
    expect(threads[0]?.terminated).toBe(false);
    const call = bridge.call('hang', never);
    threads[0]!.postMessage = () => {};
    await bridge.probe(1);
    await expect(call).rejects.toMatchObject(died);
  });

  it('is noticed by pings where Web Locks do not exist', async () => {
    vi.stubGlobal('navigator', {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { bridge, threads } = createBridge();
    const call = bridge.call('hang', never);
    await bridge.call('configured');
    threads[0]!.postMessage = () => {};
    await vi.advanceTimersByTimeAsync(1_000);
    expect(threads[0]?.terminated).toBe(false);
    vi.advanceTimersByTime(30_000);
    await expect(call).rejects.toMatchObject(died);
  });

  it('fails what is in flight when it is ended on purpose, and tells nobody else', async () => {
    const { bridge, deaths } = createBridge();
    const call = bridge.call('hang', never);
    bridge.terminate();
    await expect(call).rejects.toMatchObject(died);
    expect(deaths).toEqual([]);
  });

  it('fails the call of another worker that reads its stream', async () => {
    const { bridge: producer, threads } = createBridge();
    const { bridge: consumer } = createBridge();
    await producer.call('configured');
    const call = consumer.call('sum', producer.stream('silent'));
    threads[0]?.crash();
    await expect(call).rejects.toMatchObject(died);
    consumer.terminate();
  });

  it('tells whoever forwarded its stream', async () => {
    const { bridge, threads } = createBridge();
    const stream = bridge.stream('silent');
    const other = bridge.stream('silent');
    const lost: string[] = [];
    onLost(stream, (error) => lost.push(error.code));
    const stopWatching = onLost(other, () => lost.push('other'));
    takePort(stream);
    takePort(other);
    stopWatching();
    threads[0]?.crash();
    expect(lost).toEqual(['worker.died']);
  });

  it('takes an unread stream with it', async () => {
    const { bridge, threads } = createBridge();
    const stream = bridge.stream('count', 3);
    threads[0]?.crash();
    await expect(collect(stream)).rejects.toMatchObject(died);
  });
});
