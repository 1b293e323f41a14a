import { AppError } from '../core/errors.ts';
import type { StreamReply, StreamRequest } from './stream-protocol.ts';
import { decodeError } from './wire-error.ts';

interface Waiter<T> {
  resolve: (result: IteratorResult<T, undefined>) => void;
  reject: (error: AppError) => void;
}

/** What a stream object reaches: kept apart from it, so that the port's listeners do not keep the object alive. */
interface StreamCore<T> {
  port: MessagePort;
  begin(): AsyncIterator<T, undefined>;
  /** Gives the port up for forwarding; undefined when the stream has ended. */
  take(): MessagePort | undefined;
  onLost(listener: LostListener): () => void;
}

type LostListener = (error: AppError) => void;

/** Received streams that nobody has begun to read: they can be sent on as they are. */
const unread = new WeakMap<AsyncIterable<unknown>, StreamCore<unknown>>();

/** A stream that was collected before anyone read it tells its producer to stop. */
const forgotten = new FinalizationRegistry<MessagePort>(closePort);

export interface OpenStream<T> {
  stream: AsyncIterable<T>;
  /** Ends the stream from outside: pending and later reads reject with `error`, once. A forwarded one ends at its
   * producer; `onLost` tells where the producer is dead. */
  fail(error: AppError): void;
}

/** Reads a stream that `serveStream` serves at the other end of `port`. It can be iterated once. */
export function readStream<T>(port: MessagePort): AsyncIterable<T> {
  return openStream<T>(port).stream;
}

/**
 * `readStream` for a caller that may have to end the stream when its producer is lost.
 * @param onEnd called when the stream is over, or was forwarded and nobody wants to know of its loss
 */
export function openStream<T>(port: MessagePort, onEnd: () => void = () => {}): OpenStream<T> {
  const waiting: Waiter<T>[] = [];
  const nested = new Set<LostListener>();
  const lostListeners = new Set<LostListener>();
  let ended = false;
  let started = false;
  let failure: AppError | undefined;

  function detach(): void {
    ended = true;
    port.removeEventListener('message', onMessage);
    port.removeEventListener('close', onClose);
    forgotten.unregister(port);
    if (lostListeners.size === 0) onEnd();
  }

  function end(error?: AppError): void {
    detach();
    port.close();
    const first = waiting.shift();
    if (error === undefined) first?.resolve({ done: true, value: undefined });
    else if (first) first.reject(error);
    else failure = error;
    for (const { resolve } of waiting.splice(0)) resolve({ done: true, value: undefined });
  }

  function onMessage(event: MessageEvent<StreamReply>): void {
    const reply = event.data;
    if (reply.type === 'done') end();
    else if (reply.type === 'error') end(decodeError(reply));
    else waiting.shift()?.resolve({ done: false, value: attach(reply) });
  }

  function attach(reply: StreamReply & { type: 'value' }): T {
    for (const [name, nestedPort] of Object.entries(reply.streams ?? {})) {
      const { stream, fail } = openStream<unknown>(nestedPort, () => nested.delete(fail));
      nested.add(fail);
      (reply.value as Record<string, unknown>)[name] = stream;
    }
    return reply.value as T;
  }

  function onClose(): void {
    fail(
      new AppError('worker.died', 'A part of Parley stopped in mid-work; please try again.', {
        retryable: true,
      }),
    );
  }

  function fail(error: AppError): void {
    for (const failNested of nested) failNested(error);
    if (error.code === 'worker.died') for (const listener of lostListeners) listener(error);
    if (ended) return;
    ask({ type: 'return' });
    end(error);
  }

  function ask(request: StreamRequest): void {
    port.postMessage(request);
  }

  const iterator: AsyncIterator<T, undefined> = {
    next() {
      if (failure) {
        const error = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        ask({ type: 'next' });
      });
    },
    return() {
      failure = undefined;
      if (!ended) {
        ask({ type: 'return' });
        end();
      }
      return Promise.resolve({ done: true, value: undefined });
    },
  };

  function begin(): AsyncIterator<T, undefined> {
    if (started) throw new TypeError('A stream can be read once, and not after it was sent on.');
    started = true;
    if (!ended) {
      port.addEventListener('message', onMessage);
      port.start();
    }
    return iterator;
  }

  function take(): MessagePort | undefined {
    if (ended) return undefined;
    started = true;
    detach();
    return port;
  }

  function onLost(listener: LostListener): () => void {
    lostListeners.add(listener);
    return () => {
      lostListeners.delete(listener);
      if (ended && lostListeners.size === 0) onEnd();
    };
  }

  port.addEventListener('close', onClose);
  return { stream: createStream({ port, begin, take, onLost }), fail };
}

function createStream<T>(core: StreamCore<T>): AsyncIterable<T> {
  const stream: AsyncIterable<T> = {
    [Symbol.asyncIterator]() {
      unread.delete(stream);
      forgotten.unregister(core.port);
      return core.begin();
    },
  };
  unread.set(stream, core);
  forgotten.register(stream, core.port, core.port);
  return stream;
}

/** Takes the port out of a received stream that was not read yet, so that it can be forwarded without being relayed. */
export function takeUnreadPort(stream: AsyncIterable<unknown>): MessagePort | undefined {
  const core = unread.get(stream);
  const port = core?.take();
  if (port) unread.delete(stream);
  return port;
}

/**
 * Calls back when the producer of a received, unread stream dies, also after the stream was forwarded: browsers do not
 * tell the new reader that its port is dead. Local streams cannot be lost.
 * @returns ends the subscription; call it when the stream is over
 */
export function onLost(stream: AsyncIterable<unknown>, listener: LostListener): () => void {
  return unread.get(stream)?.onLost(listener) ?? (() => {});
}

/** Tells the producer of a received stream that nobody will read it. Streams being read, and local ones, are left. */
export function dropStream(stream: AsyncIterable<unknown>): void {
  const port = takeUnreadPort(stream);
  if (port) closePort(port);
}

function closePort(port: MessagePort): void {
  port.postMessage({ type: 'return' } satisfies StreamRequest);
  port.close();
}
