import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../core/models/engines.ts';
import { createRecognizer } from '../../workers/recognisers.ts';
import { starterConfig } from '../support/starter-engines.ts';

const config = (engine: EngineName) => ({ ...starterConfig('recogniser'), engine });

describe('The thread of the recogniser', () => {
  it.each(['whisper', 'moonshine', 'ctc', 'voxtral'] as const)('carries %s', async (engine) => {
    expect(await createRecognizer(config(engine)).describe()).toMatchObject({ id: 'starter/recogniser' });
  });

  it('refuses, in words, an engine that does not recognise', () => {
    expect(() => createRecognizer(config('kokoro'))).toThrow('cannot recognise speech');
  });
});
