import type { FastifyInstance } from 'fastify';
import type { Limits } from '../config/schema.ts';
import type { Engines } from '../engines/engines.ts';
import { attachRealtime } from '../realtime/attach.ts';
import { openAiRoutes } from './openai/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever shares one place in the queues with this request: the key it came with, else its address. */
    owner: string;
  }
}

export interface DoorDeps {
  engines: Engines;
  limits: Limits;
}

/** Every door that leads to an engine. */
export async function doors(app: FastifyInstance, deps: DoorDeps): Promise<void> {
  app.decorateRequest('owner', '');
  app.addHook('onRequest', async (request) => {
    request.owner = request.ip;
  });
  await app.register(openAiRoutes, { ...deps, prefix: '/v1' });
  attachRealtime(app, {
    ...deps,
    admit: (request) => Promise.resolve({ owner: request.socket.remoteAddress ?? '' }),
  });
}
