import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { SERVER_HEADER } from '../core/protocol/server-header.ts';
import { type DoorDeps, doors } from './routes/doors.ts';
import { type PageFolders, pageRoutes } from './routes/page.ts';
import { securityHeaders } from './security-headers.ts';

export interface AppDeps extends PageFolders {
  /** Origins that the page may fetch models from, beside its own. */
  modelSources?: readonly string[];
  /** What the server does itself; without it, it hands out the page and the models. */
  doors?: DoorDeps;
  log?: Log;
}

/** Where the server writes down what it is asked, without the content. */
export interface Log {
  level: string;
  /** Standard output when absent. */
  stream?: { write(line: string): void };
}

/** The companion server, not yet listening; tests drive it with `inject`. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const headers = securityHeaders(deps.modelSources);
  const { doors: doorDeps } = deps;
  const welcome = doorDeps && { [SERVER_HEADER]: doorDeps.asksForKey ? 'key' : 'open' };
  const app = Fastify({
    forceCloseConnections: true,
    // The same id goes to the caller, in x-request-id.
    genReqId: () => randomUUID(),
    logger: deps.log ?? false,
    // An address that cannot even be decoded is answered before any hook runs.
    frameworkErrors(error, _request, reply) {
      void sendError(error, reply.headers(headers.all));
    },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ ...headers.all, ...welcome });
  });
  app.setNotFoundHandler((_request, reply) => sendText(reply, 404, 'Not found'));
  app.setErrorHandler<FastifyError>((error, _request, reply) => sendError(error, reply));
  await app.register(pageRoutes, { ...deps, documentPolicy: headers.documentPolicy });
  if (doorDeps) await app.register(doors, doorDeps);
  return app;
}

/** A folder or a path that leads out of the root is "forbidden" to the file sender; to the outside, it is not there. */
function sendError(error: { statusCode?: number | undefined }, reply: FastifyReply): FastifyReply {
  const { statusCode = 500 } = error;
  if (statusCode === 403 || statusCode === 404) return sendText(reply, 404, 'Not found');
  if (statusCode >= 500) return sendText(reply, statusCode, 'The server failed');
  return sendText(reply, statusCode, 'Bad request');
}

function sendText(reply: FastifyReply, statusCode: number, text: string): FastifyReply {
  return reply.code(statusCode).type('text/plain; charset=utf-8').send(`${text}\n`);
}
