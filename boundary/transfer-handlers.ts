import { transferHandlers } from 'comlink';
import type { TransferHandler } from 'comlink';
import { decodeSignal, encodeSignal } from './abort-signal.ts';
import type { WireSignal } from './abort-signal.ts';
import { readStream } from './stream-reader.ts';
import { isAsyncIterable, takePort } from './stream-server.ts';
import { decodeError, encodeError } from './wire-error.ts';
import type { WireError } from './wire-error.ts';

const streamHandler: TransferHandler<AsyncIterable<unknown>, MessagePort> = {
  canHandle: isAsyncIterable,
  serialize(stream) {
    const port = takePort(stream);
    return [port, [port]];
  },
  deserialize: (port) => readStream(port),
};

const signalHandler: TransferHandler<AbortSignal, WireSignal> = {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize: encodeSignal,
  deserialize: decodeSignal,
};

const portHandler: TransferHandler<MessagePort, MessagePort> = {
  canHandle: (value): value is MessagePort => value instanceof MessagePort,
  serialize: (port) => [port, [port]],
  deserialize: (port) => port,
};

/**
 * Teaches comlink, in this thread, to carry streams, AbortSignals and ports as arguments and results, and to keep `code` and
 * `retryable` of errors. Both ends of a connection must call it before the first message; calling it again is harmless.
 */
export function installTransferHandlers(): void {
  const thrown = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, unknown>;
  const errorHandler: TransferHandler<{ value: unknown }, WireError> = {
    canHandle: (value): value is { value: unknown } => thrown.canHandle(value),
    serialize: ({ value }) => [encodeError(value), []],
    deserialize(wire) {
      throw decodeError(wire);
    },
  };
  transferHandlers.set('throw', errorHandler);
  transferHandlers.set('signal', signalHandler);
  transferHandlers.set('port', portHandler);
  transferHandlers.set('stream', streamHandler);
}
