import type { Limits } from '../../config/schema.ts';
import type { Engines } from '../../engines/engines.ts';

export interface OpenAiDeps {
  engines: Engines;
  limits: Limits;
}

/** A model that is not here is refused; `parley` is whatever serves the stage. @throws FastifyError 404 */
export function assertModel(asked: string, served: string): void {
  if (asked === served || asked === 'parley') return;
  throw Object.assign(new Error(`The model "${asked}" is not here; this door has "${served}".`), {
    statusCode: 404,
  });
}
