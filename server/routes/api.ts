import type { FastifyInstance } from 'fastify';
import { PROTOCOL_VERSION } from '../../core/protocol/capabilities.ts';
import type { Capabilities } from '../../core/protocol/capabilities.ts';
import { stageNames } from '../engines/engines.ts';
import type { Engines } from '../engines/engines.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface ApiDeps {
  engines: Engines;
  metrics: Metrics;
  /** True from the moment that the server is told to stop. */
  isDraining: () => boolean;
  /** Whether callers need a key. */
  asksForKey: boolean;
}

/** What the server says of itself, below /api/v1, to whoever may use it. */
export async function apiRoutes(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const { engines, metrics } = deps;

  app.get('/config', { schema: { summary: 'How to call this server.' } }, () => ({
    version: PROTOCOL_VERSION,
    asksForKey: deps.asksForKey,
    openAi: '/v1',
    realtime: '/v1/realtime',
  }));

  app.get(
    '/capabilities',
    { schema: { summary: 'What serves each stage, how busy it is and how quick.' } },
    (): Capabilities => ({
      version: PROTOCOL_VERSION,
      stages: Object.fromEntries(
        stageNames.map((stage) => [
          stage,
          {
            model: engines.models[stage],
            remote: engines.isRemote(stage),
            working: engines.gates[stage].working(),
            waiting: engines.gates[stage].waiting(),
            delayMs: engines.delayMs(stage) ?? null,
            serving: engines.serving(stage).serving,
          },
        ]),
      ),
      card: { ...engines.card() },
    }),
  );

  app.get(
    '/metrics',
    { schema: { summary: 'Metrics in the text format of Prometheus.' } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}

/** What anybody may ask, such as whoever restarts the server when it is ill. */
export async function healthRoutes(app: FastifyInstance, { engines, isDraining }: ApiDeps): Promise<void> {
  app.get('/health', { schema: { summary: 'Whether the server lives, and which engines run.' } }, () => ({
    status: 'ok',
    engines: engines.status().map(({ name, state, deaths }) => ({ name, state, deaths })),
  }));

  app.get(
    '/ready',
    { schema: { summary: '200 while new work is taken, 503 once the server stops.' } },
    (_request, reply) => (isDraining() ? reply.code(503).send({ status: 'stopping' }) : { status: 'ready' }),
  );
}
