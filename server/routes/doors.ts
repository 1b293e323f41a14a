import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { openAiError } from '../../core/protocol/openai-error.ts';
import type { Limits } from '../config/schema.ts';
import { stageNames } from '../engines/engines.ts';
import type { Engines } from '../engines/engines.ts';
import { attachRealtime } from '../realtime/attach.ts';
import type { Guard } from '../security/guard.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { apiRoutes, healthRoutes } from './api.ts';
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
  guard: Guard;
  metrics: Metrics;
  asksForKey: boolean;
}

/** How often it is looked whether the work in flight is done. */
const DRAIN_LOOK_MS = 50;

/** Every door that leads to an engine, and what the server says of itself. */
export async function doors(app: FastifyInstance, deps: DoorDeps): Promise<void> {
  const { engines, limits, guard, metrics } = deps;
  let draining = false;

  app.decorateRequest('owner', '');
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Parley', version: '1' } },
    transform: jsonSchemaTransform,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.requestAnswered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
  });
  const api = { ...deps, isDraining: () => draining };
  await app.register(healthRoutes, { ...api, prefix: '/api/v1' });

  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => {
      const { origin } = request.headers;
      if (origin !== undefined && guard.allowsOrigin(origin)) {
        reply.header('access-control-allow-origin', origin).header('vary', 'origin');
      }
      const verdict = await guard.judge({ headers: request.headers, address: request.ip });
      if ('status' in verdict)
        return reply.code(verdict.status).send(openAiError(verdict.status, verdict.message));
      if (draining)
        return reply.code(503).header('retry-after', '5').send(openAiError(503, 'The server stops.'));
      request.owner = verdict.owner;
    });
    await guarded.register(rateLimit, {
      hook: 'preParsing',
      max: limits.requestsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request) => request.owner,
      errorResponseBuilder: (_request, { after }) =>
        Object.assign(new Error(`Too many requests; try again in ${after}.`), { statusCode: 429 }),
    });
    await guarded.register(apiRoutes, { ...api, prefix: '/api/v1' });
    await guarded.register(openAiRoutes, { ...deps, prefix: '/v1' });
    guarded.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  app.options('/v1/*', { schema: { hide: true } }, (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !guard.allowsOrigin(origin)) return reply.code(404).send();
    reply.header('access-control-allow-origin', origin).header('vary', 'origin');
    reply.header('access-control-allow-methods', 'GET, POST');
    reply.header('access-control-allow-headers', 'authorization, content-type');
    return reply.code(204).send();
  });

  // Before the sockets close: what is being said is said to its end.
  app.addHook('preClose', async () => {
    draining = true;
    const untilMs = performance.now() + limits.drainMs;
    const isBusy = (): boolean => stageNames.some((stage) => engines.gates[stage].working() > 0);
    while (isBusy() && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
  });

  const realtime = attachRealtime(app, {
    engines,
    limits,
    async admit({ headers, socket }) {
      if (draining) return { status: 503, message: 'The server stops.' };
      return guard.judge({ headers, address: socket.remoteAddress ?? '' });
    },
  });
  metrics.watch(engines, realtime.sessions);
}
