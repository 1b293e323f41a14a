import type { Readable } from 'node:stream';

/** So much of what a program wrote says why it failed. */
const TAIL_CHARACTERS = 2000;

/** Keeps the end of what a program writes, in memory only, and reads on so that it never has to wait. */
export function createTail(stream: Readable): { tail(): string; add(text: string): void } {
  let kept = '';
  const add = (text: string): void => {
    kept = (kept + text).slice(-TAIL_CHARACTERS);
  };
  stream.setEncoding('utf8');
  stream.on('data', add);
  stream.on('error', () => {});
  return { tail: () => kept, add };
}
