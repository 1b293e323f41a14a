import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../core/models/engines.ts';
import type { Recognizer, TranscribeOptions } from '../../core/stages/stage.ts';
import { createCtc } from '../../engines/ctc.ts';
import { createMoonshine } from '../../engines/moonshine.ts';
import { createUltravox } from '../../engines/ultravox.ts';
import { createVoxtral } from '../../engines/voxtral.ts';
import { createWhisper } from '../../engines/whisper.ts';
import { microMoonshine } from '../support/micro/moonshine.ts';
import { microParakeet } from '../support/micro/parakeet.ts';
import { tones, type Tone } from '../support/micro/tones.ts';
import { microUltravox } from '../support/micro/ultravox.ts';
import { microVoxtral } from '../support/micro/voxtral.ts';
import { microWhisper, whisperLayouts } from '../support/micro/whisper.ts';
import { writeModel } from '../support/micro/write.ts';
import { describeRecognizer, utterance } from '../support/recognizer-contract.ts';
import { collect, never } from '../support/stage-contract.ts';

const moonshine = await writeModel('moonshine', microMoonshine());
const parakeet = await writeModel('ctc', microParakeet());
const voxtral = await writeModel('voxtral', microVoxtral());
afterAll(async () => {
  for (const model of [moonshine, parakeet, voxtral]) await model.remove();
});

async function hear(
  recognizer: Recognizer,
  sounds: readonly Tone[],
  options: TranscribeOptions = {},
): Promise<string | undefined> {
  await recognizer.load(() => {}, never);
  const transcripts = await collect(recognizer.transcribe(utterance(tones(...sounds)), options, never));
  return transcripts.at(-1)?.text;
}

describeRecognizer(
  'Moonshine',
  () => createMoonshine(moonshine.config),
  async () => ({ pcm: tones('high'), words: 'high tone' }),
);
describeRecognizer(
  'Parakeet CTC',
  () => createCtc(parakeet.config),
  async () => ({ pcm: tones('low', 'high', 'high', 'low'), words: 'low high high low' }),
);

describeRecognizer(
  'Voxtral',
  () => createVoxtral(voxtral.config),
  async () => ({ pcm: tones('low'), words: 'low tone' }),
);

describe('Voxtral', () => {
  it('is told the language where it knows it, and hears it by itself where not', async () => {
    const recognizer = createVoxtral(voxtral.config);
    expect(await hear(recognizer, ['low'], { language: 'de' })).toBe('low ton');
    expect(await hear(recognizer, ['low'], { language: 'en' })).toBe('low tone');
    expect(await hear(recognizer, ['high'], { language: 'zd' })).toBe('high tone');
    expect(await hear(recognizer, ['high'])).toBe('high tone');
    await recognizer.dispose();
  });
});

describe('Whisper in the layouts that are published', () => {
  it.each(Object.keys(whisperLayouts) as (keyof typeof whisperLayouts)[])(
    'hears with a window of 30 s: %s',
    async (layout) => {
      const model = await writeModel('whisper', microWhisper(layout));
      const whisper = createWhisper(model.config);
      expect(await hear(whisper, ['low'])).toBe('low tone');
      expect(await hear(whisper, ['high'], { language: 'en' })).toBe('high tone');
      const isMultilingual = whisperLayouts[layout].languages.length > 0;
      expect(await hear(whisper, ['high'], { language: 'de' })).toBe(
        isMultilingual ? 'high ton' : 'high tone',
      );
      await whisper.dispose();
      await model.remove();
    },
  );
});

describe('A model whose files are not sound', () => {
  const families = [
    ['moonshine', microMoonshine(), createMoonshine],
    ['ctc', microParakeet(), createCtc],
    ['voxtral', microVoxtral(), createVoxtral],
    ['ultravox', microUltravox(), createUltravox],
  ] as const;
  /** Published beside the others, but not read, or not needed. */
  const unread: Partial<Record<EngineName, readonly string[]>> = {
    moonshine: ['generation_config.json', 'preprocessor_config.json'],
    voxtral: ['generation_config.json'],
    ultravox: ['generation_config.json'],
  };
  const cases = families.flatMap(([engine, files, create]) =>
    Object.keys(files)
      .filter((file) => !unread[engine]?.includes(file))
      .map((file) => ({ engine, files, create, file })),
  );

  it.each(cases)(
    'names what is missing or damaged: $engine, $file',
    async ({ engine, files, create, file }) => {
      const model = await writeModel(engine, files);
      const message = expect.stringContaining(file) as string;
      const path = join(model.folder, file);
      const load = (): Promise<void> => create(model.config).load(() => {}, never);
      await writeFile(path, '<html>not a model</html>');
      await expect(load()).rejects.toMatchObject({ code: 'model.corrupt', message });
      await rm(path);
      await expect(load()).rejects.toMatchObject({ code: 'model.missing', message });
      await model.remove();
    },
  );

  it.each(families)('names a graph that is cut short: %s', async (engine, files, create) => {
    const graph = Object.keys(files).find((file) => file.endsWith('.onnx'))!;
    const model = await writeModel(engine, files);
    await truncate(join(model.folder, graph), 200);
    await expect(create(model.config).load(() => {}, never)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining(graph),
    });
    await model.remove();
  });
});
