/**
 * How a stream of values crosses a MessagePort. The consumer pulls; the producer answers each `next` with exactly one
 * reply, in order. A consumer may post several `next` ahead: that is its credit, and saves a round trip per value.
 *
 * - `return` ends the stream at once. The producer runs its `finally` and answers nothing more, not even to a pending
 *   `next`.
 * - `done` and `error` are the last replies. The consumer closes the port after them, or after its `return`. Where the
 *   platform reports that a port was closed otherwise (Node does, Chromium 156 does not), that counts as `return` for
 *   the producer and as `worker.died` for the consumer.
 * - ArrayBuffers that a view in the value covers whole are transferred: what a producer yields belongs to the consumer.
 * - Streams nested in a top-level property of a value travel as ports in `streams`, by the property's name, each
 *   speaking this same protocol.
 *
 * This file imports nothing at run time, so that an AudioWorklet can speak the protocol without bundling the boundary.
 */
import type { WireError } from './wire-error.ts';

export type StreamRequest = { type: 'next' } | { type: 'return' };

export type StreamReply =
  | { type: 'value'; value: unknown; streams?: Record<string, MessagePort> }
  | { type: 'done' }
  | ({ type: 'error' } & WireError);
