import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { openAiError } from '../../core/protocol/openai-error.ts';
import type { Limits } from '../config/schema.ts';
import type { Engines } from '../engines/engines.ts';
import { newId } from './link.ts';
import { createRealtimeSession } from './realtime-session.ts';

/** One event: half a minute of sound in base64. */
const MAX_EVENT_BYTES = 2_000_000;
/** A client that has not taken so much by then is gone. */
const MAX_WAITING_BYTES = 16_000_000;
/** How often a client is asked for a sign of life; one that gave none since the last time is gone. */
const PING_EVERY_MS = 30_000;
const PATH = '/v1/realtime';

export interface RealtimeDeps {
  engines: Engines;
  limits: Limits;
  /** Who asks, or why they are refused. */
  admit: (request: IncomingMessage) => Promise<{ owner: string } | { status: number; message: string }>;
}

/** GET /v1/realtime, as a WebSocket: conversations and transcriptions. */
export function attachRealtime(
  app: FastifyInstance,
  { engines, limits, admit }: RealtimeDeps,
): { sessions(): number } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_EVENT_BYTES,
    // Compressed sound is no smaller, and a small message must not become a large one.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });

  const alive = new WeakSet<WebSocket>();
  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_EVERY_MS);
  pinging.unref();

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== PATH) return refuse(socket, 404, 'There is no socket here.');
    const admitted = await admit(request);
    if ('status' in admitted) return refuse(socket, admitted.status, admitted.message);
    const type = searchParams.get('intent') === 'transcription' ? 'transcription' : 'realtime';
    const served = type === 'realtime' ? engines.models.llm : engines.models.stt;
    const model = searchParams.get('model') ?? served;
    if (model !== served && model !== 'parley') {
      return refuse(socket, 404, `The model is not here; this door has "${served}".`);
    }
    if (sockets.clients.size >= limits.sessions)
      return refuse(socket, 429, 'Too many sessions; try again later.');
    sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, type, admitted.owner));
  }

  function serve(socket: WebSocket, type: 'realtime' | 'transcription', owner: string): void {
    const session = createRealtimeSession({
      type,
      model: engines.models.llm,
      // Each session has a place of its own in the queues.
      stages: engines.for(`${owner} ${newId('sess')}`),
      link: {
        send(event) {
          if (socket.readyState !== socket.OPEN) return;
          if (socket.bufferedAmount > MAX_WAITING_BYTES) return socket.terminate();
          socket.send(JSON.stringify({ event_id: newId('event'), ...event }));
        },
        waitingBytes: () => socket.bufferedAmount,
      },
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(1003, 'events are JSON text');
      else session.receive((data as Buffer).toString('utf8'));
    });
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => session.dispose());
  }

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(request, socket, head).catch(() => socket.destroy());
  });
  app.addHook('preClose', () => {
    clearInterval(pinging);
    for (const socket of sockets.clients) socket.close(1001, 'the server stops');
  });
  return { sessions: () => sockets.clients.size };
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify(openAiError(status, message));
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}
