import { expose, wrap } from 'comlink';
import type { Remote } from 'comlink';
import { beforeAll, describe, expect, it } from 'vitest';
import { releaseSignal } from '../../boundary/abort-signal.ts';
import { installTransferHandlers } from '../../boundary/transfer-handlers.ts';
import { AppError, errorCodes } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { aborted, collect } from '../support/stage-contract.ts';

beforeAll(installTransferHandlers);

function connect<T extends object>(api: T): Remote<T> {
  const { port1, port2 } = new MessageChannel();
  expose(api, port2);
  port1.start();
  return wrap<T>(port1);
}

describe('errors through comlink', () => {
  it.each(errorCodes)('keep the code %s', async (code: ErrorCode) => {
    const remote = connect({
      fail(): void {
        throw new AppError(code, 'Say what to do.', { retryable: code === 'gpu.lost', cause: 'why' });
      },
    });
    const error = await remote.fail().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code, message: 'Say what to do.', retryable: code === 'gpu.lost' });
    expect((error as AppError).cause).toBe('why');
  });

  it('become `engine.failed` when they were plain, and `aborted` when they were an abort', async () => {
    const remote = connect({
      plain(): void {
        throw new RangeError('Too much.');
      },
      abort(): void {
        throw new DOMException('', 'AbortError');
      },
      text(): void {
        // oxlint-disable-next-line typescript/only-throw-error -- what a library may do
        throw 'text';
      },
    });
    await expect(remote.plain()).rejects.toMatchObject({ code: 'engine.failed', message: 'Too much.' });
    await expect(remote.abort()).rejects.toMatchObject({ code: 'aborted' });
    await expect(remote.text()).rejects.toMatchObject({ code: 'engine.failed', message: 'text' });
  });
});

describe('an AbortSignal through comlink', () => {
  const remoteOf = () => {
    const received = Promise.withResolvers<AbortSignal>();
    const remote = connect({
      take(signal: AbortSignal): void {
        received.resolve(signal);
      },
    });
    return { remote, received: received.promise };
  };

  it('fires at the other end with the reason `aborted`', async () => {
    const { remote, received } = remoteOf();
    const controller = new AbortController();
    await remote.take(controller.signal);
    const signal = await received;
    expect(signal.aborted).toBe(false);
    const fired = new Promise((resolve) => signal.addEventListener('abort', resolve));
    controller.abort();
    await fired;
    expect(signal.reason).toMatchObject({ code: 'aborted' });
  });

  it('arrives as fired when it had fired before', async () => {
    const { remote, received } = remoteOf();
    await remote.take(aborted());
    expect((await received).aborted).toBe(true);
  });

  it('is no longer listened to once the receiver released it', async () => {
    const { remote, received } = remoteOf();
    const removed = Promise.withResolvers<void>();
    const { signal } = new AbortController();
    const remove = signal.removeEventListener.bind(signal);
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      remove(...args);
      removed.resolve();
    };
    await remote.take(signal);
    releaseSignal(await received);
    await removed.promise;
  });
});

describe('a stream through comlink', () => {
  it('passes as an argument and as a result', async () => {
    const remote = connect({
      async double(numbers: AsyncIterable<number>): Promise<AsyncIterable<number>> {
        async function* doubled(): AsyncGenerator<number> {
          for await (const n of numbers) yield 2 * n;
        }
        return doubled();
      },
    });
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    expect(await collect(await remote.double(numbers()))).toEqual([2, 4]);
  });
});
