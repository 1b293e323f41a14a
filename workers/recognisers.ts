import { AppError } from '../core/errors.ts';
import type { EngineName } from '../core/models/engines.ts';
import type { Recognizer } from '../core/stages/stage.ts';
import { createCtc } from '../engines/ctc.ts';
import type { EngineConfig } from '../engines/engine-config.ts';
import { createMoonshine } from '../engines/moonshine.ts';
import { createVoxtral } from '../engines/voxtral.ts';
import { createWhisper } from '../engines/whisper.ts';

const recognisers: Partial<Record<EngineName, (config: EngineConfig) => Recognizer>> = {
  whisper: createWhisper,
  moonshine: createMoonshine,
  ctc: createCtc,
  voxtral: createVoxtral,
};

/** The recogniser that carries a model. @throws AppError `input.invalid` for an engine that does not recognise. */
export function createRecognizer(config: EngineConfig): Recognizer {
  const create = recognisers[config.engine];
  if (create) return create(config);
  throw new AppError(
    'input.invalid',
    `${config.name} cannot recognise speech here; choose another model for it.`,
  );
}
