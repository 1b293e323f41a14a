import type { FastifyInstance } from 'fastify';
import { openAiError } from '../../../core/protocol/openai-error.ts';
import { stageNames } from '../../engines/engines.ts';
import type { OpenAiDeps } from './deps.ts';

/** GET /v1/models and /v1/models/ID */
export function modelsRoute(app: FastifyInstance, { engines }: OpenAiDeps): void {
  const startedS = Math.floor(Date.now() / 1000);
  const models = [...new Set(stageNames.map((stage) => engines.models[stage]))].map((id) => ({
    id,
    object: 'model' as const,
    created: startedS,
    owned_by: 'parley',
  }));

  app.get('/models', () => ({ object: 'list', data: models }));
  app.get<{ Params: { '*': string } }>('/models/*', (request, reply) => {
    const asked = request.params['*'];
    const found = models.find(({ id }) => id === asked);
    return (
      found ?? reply.code(404).send(openAiError(404, `The model "${asked}" is not here.`, 'model_not_found'))
    );
  });
}
