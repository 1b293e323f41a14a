import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server answers one request. */
export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Bytes of each piece; the whole body at once when absent. */
  pieceBytes?: number;
  /** What happens after the body; it ends well when absent. */
  after?: 'cut' | 'silence';
}

export interface FakeRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server with answers prepared, one after another; the last one again and again. */
export interface FakeUpstream {
  url: string;
  requests: readonly FakeRequest[];
  answer(...answers: FakeAnswer[]): void;
  /** Requests whose caller has hung up. */
  hungUp(): number;
  close(): Promise<void>;
}

export async function openFakeUpstream(): Promise<FakeUpstream> {
  const requests: FakeRequest[] = [];
  let answers: FakeAnswer[] = [];
  let hungUp = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    requests.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(pieces).toString('latin1'),
    });
    response.on('close', () => {
      if (!response.writableFinished) hungUp += 1;
    });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500 };
    const body = Buffer.from(answer.body ?? '');
    response.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const step = answer.pieceBytes ?? Math.max(1, body.length);
    for (let at = 0; at < body.length; at += step) {
      response.write(body.subarray(at, at + step));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (answer.after === undefined) response.end();
    else if (answer.after === 'cut') response.destroy();
  }

  const server = createServer(
    (request, response) => void serve(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answer: (...prepared) => void (answers = prepared),
    hungUp: () => hungUp,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
