import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A mirror with one file, over a line of a certain speed. */
export interface LineServer {
  server: Server;
  /** Of the line from now on; Infinity for as fast as the machine goes. */
  setSpeed(bytesPerSecond: number): void;
}

const CHUNK_BYTES = 1 << 20;

/** @param content all that is sent, whatever is asked */
export function createLineServer(content: Buffer): LineServer {
  let speed = Infinity;

  async function send(response: ServerResponse): Promise<void> {
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/octet-stream',
      'content-length': content.length,
    });
    const startMs = performance.now();
    const gone = once(response, 'close');
    for (let at = 0; at < content.length && !response.destroyed; at += CHUNK_BYTES) {
      const aheadMs = (at / speed) * 1000 - (performance.now() - startMs);
      if (aheadMs > 0) await sleep(aheadMs);
      const flowing = response.write(content.subarray(at, at + CHUNK_BYTES));
      // Whoever goes away ends the wait too.
      if (!flowing) await Promise.race([once(response, 'drain'), gone]);
    }
    response.end();
  }

  return {
    server: createServer((_request, response) => void send(response)),
    setSpeed(bytesPerSecond) {
      speed = bytesPerSecond;
    },
  };
}
