import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { AppError, toAppError } from '../../../core/errors.ts';
import { openAiError, statusOf, toOpenAiError } from '../../../core/protocol/openai-error.ts';
import type { OpenAiError } from '../../../core/protocol/openai-error.ts';
import { BusyError } from '../../engines/gate.ts';
import { chatRoute } from './chat.ts';
import type { OpenAiDeps } from './deps.ts';
import { modelsRoute } from './models.ts';
import { speechRoute } from './speech.ts';
import { transcriptionRoute } from './transcriptions.ts';

/** The doors that every OpenAI-compatible client knows, below /v1. */
export async function openAiRoutes(app: FastifyInstance, deps: OpenAiDeps): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error instanceof BusyError) reply.header('retry-after', String(error.retryAfterS));
    const [status, body] = explain(error);
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(openAiError(404, `There is no ${request.method} ${request.url.split('?', 1)[0]!} here.`)),
  );
  await app.register(multipart, {
    limits: { files: 1, fields: 20, fieldSize: 10_000, fileSize: deps.limits.bodyMb * 1e6 },
  });
  modelsRoute(app, deps);
  chatRoute(app, deps);
  transcriptionRoute(app, deps);
  speechRoute(app, deps);
}

function explain(error: FastifyError): [number, OpenAiError] {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const param = issue?.instancePath.slice(1).replaceAll('/', '.') || null;
    return [
      400,
      openAiError(400, `${param ?? 'The body'}: ${issue?.message ?? 'does not fit'}`, null, param),
    ];
  }
  if (!(error instanceof AppError) && error.statusCode !== undefined && error.statusCode < 500) {
    const code = error.statusCode === 429 ? 'rate_limit_exceeded' : null;
    return [error.statusCode, openAiError(error.statusCode, error.message, code)];
  }
  const failure = toAppError(error);
  return [statusOf(failure), toOpenAiError(failure)];
}
