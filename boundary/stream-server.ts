import type { StreamReply, StreamRequest } from './stream-protocol.ts';
import { dropStream, takeUnreadPort } from './stream-reader.ts';
import { encodeError } from './wire-error.ts';

/** Deep enough for samples in a Pcm in an UtterancePart. */
const BUFFER_DEPTH = 3;

export interface ServeHooks {
  /** Called when the consumer leaves early, before the iterator's `return`, which would wait for a pending `next`. */
  cancel?: () => void;
  /** Called once when the stream is over for whatever reason. */
  onEnd?: () => void;
}

/**
 * Serves a stream to whoever reads the other end of `port`; see stream-protocol.ts. Nothing is asked of the iterable
 * before the consumer's first request.
 */
export function serveStream(
  iterable: AsyncIterable<unknown>,
  port: MessagePort,
  hooks: ServeHooks = {},
): void {
  let iterator: AsyncIterator<unknown> | undefined;
  let ended = false;
  let last: Promise<void> = Promise.resolve();

  function onMessage(event: MessageEvent<StreamRequest>): void {
    if (event.data.type === 'return') leave();
    else last = last.then(answer);
  }

  async function answer(): Promise<void> {
    if (ended) return;
    try {
      iterator ??= iterable[Symbol.asyncIterator]();
      const result = await iterator.next();
      if (ended) dropNested(result.value);
      else if (result.done) finish({ type: 'done' });
      else send(result.value);
    } catch (error) {
      if (ended) return;
      finish({ type: 'error', ...encodeError(error) });
      void settle(iterator?.return?.());
    }
  }

  function send(value: unknown): void {
    const [reply, transfer] = encodeValue(value);
    port.postMessage(reply, transfer);
  }

  function finish(reply: StreamReply): void {
    end();
    port.postMessage(reply);
  }

  function leave(): void {
    if (ended) return;
    end();
    port.close();
    hooks.cancel?.();
    iterator ??= iterable[Symbol.asyncIterator]();
    void settle(iterator.return?.());
  }

  function end(): void {
    ended = true;
    port.removeEventListener('message', onMessage);
    port.removeEventListener('close', leave);
    hooks.onEnd?.();
  }

  port.addEventListener('message', onMessage);
  port.addEventListener('close', leave);
  port.start();
}

/**
 * A port to hand a stream to another thread or worklet. A received stream is forwarded: its own port leaves, and this
 * thread sees none of its values. A local iterable is served from here.
 * @throws TypeError when the received stream was already read or sent on.
 */
export function takePort(stream: AsyncIterable<unknown>): MessagePort {
  const taken = takeUnreadPort(stream);
  if (taken) return taken;
  const { port1, port2 } = new MessageChannel();
  serveStream(stream, port1);
  return port2;
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function encodeValue(value: unknown): [StreamReply, Transferable[]] {
  const transfer: Transferable[] = [...buffersIn(value, BUFFER_DEPTH)];
  const nested = nestedStreams(value);
  if (nested.length === 0) return [{ type: 'value', value }, transfer];
  const streams: Record<string, MessagePort> = {};
  const rest: Record<string, unknown> = { ...(value as object) };
  for (const [name, stream] of nested) {
    const port = takePort(stream);
    delete rest[name];
    streams[name] = port;
    transfer.push(port);
  }
  return [{ type: 'value', value: rest, streams }, transfer];
}

function nestedStreams(value: unknown): [string, AsyncIterable<unknown>][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, AsyncIterable<unknown>] =>
    isAsyncIterable(entry[1]),
  );
}

function dropNested(value: unknown): void {
  for (const [, stream] of nestedStreams(value)) dropStream(stream);
}

function buffersIn(value: unknown, depth: number, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    // A view of part of a buffer, such as wasm memory, is copied: the rest is not ours to give away.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === value.byteLength) found.add(buffer);
  } else if (depth > 0 && typeof value === 'object' && value !== null && !isAsyncIterable(value)) {
    for (const inner of Object.values(value)) buffersIn(inner, depth - 1, found);
  }
  return found;
}

/** The consumer has gone: nobody is left to hear of an error in the producer's `finally`. */
async function settle(work: Promise<unknown> | undefined): Promise<void> {
  await work?.catch(() => {});
}
