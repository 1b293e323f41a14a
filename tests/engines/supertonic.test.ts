import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatSamples } from '../../core/audio/pcm.ts';
import { createSupertonic } from '../../engines/supertonic.ts';
import { microLoudness, microTone, writeMicroSupertonic } from '../support/micro-supertonic.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { collect, describeSynthesizer, never } from '../support/stage-contract.ts';

const espeak = { assetUrl: runtimeUrls.espeak, read: readFromDisk };
/** The speed that Supertonic calls its own. */
const OWN_SPEED = 1.05;

const micro = await writeMicroSupertonic();
afterAll(() => micro.remove());

const create = () => createSupertonic(micro.config, espeak);

describeSynthesizer('Supertonic', create, {
  'en+f1': 'The timer is set for five minutes from now.',
  'es+m3': 'El temporizador está puesto para cinco minutos.',
  fr: 'Le minuteur est réglé sur cinq minutes.',
  'pt-br': 'O temporizador está marcado para cinco minutos.',
});

describe('Supertonic', () => {
  it.each([
    ['en+f1', 'en', 'F1', 1],
    ['es+m3', 'es', 'M3', 1.5],
    ['pt-br', 'pt', 'F1', 0.8],
  ] as const)(
    '[VOICE-3] says all of a sentence with %s, in its language and style',
    async (id, language, voice, speed) => {
      const supertonic = create();
      await supertonic.load(() => {}, never);
      const sentence = 'It is ten past five.';
      const chunks = await collect(supertonic.speak(sentence, { id, speed }, never));
      const said = concatSamples(chunks.map(({ samples }) => samples));
      const right = microTone(sentence, language, OWN_SPEED * speed).map(
        (sample) => sample * microLoudness[voice]!,
      );
      expect(Math.abs(said.length - right.length)).toBeLessThanOrEqual(1);
      const worst = said.reduce(
        (most, sample, at) => Math.max(most, Math.abs(sample - (right[at] ?? sample))),
        0,
      );
      expect(worst).toBeLessThan(1e-4);
      expect(chunks.every(({ rateHz }) => rateHz === 44_100)).toBe(true);
      await supertonic.dispose();
    },
  );

  it.each(['de', 'hi', 'it+f1', ''])('refuses the voice "%s" in words', async (id) => {
    const supertonic = create();
    await supertonic.load(() => {}, never);
    await expect(collect(supertonic.speak('Hello.', { id, speed: 1 }, never))).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('Choose a voice'),
    });
    await supertonic.dispose();
  });

  it('names a voice whose file is missing or of another size', async () => {
    const copy = await writeMicroSupertonic();
    const supertonic = createSupertonic(copy.config, espeak);
    await supertonic.load(() => {}, never);
    const speak = (id: string) => collect(supertonic.speak('Hello.', { id, speed: 1 }, never));
    await expect(speak('en+m5')).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('voices/M5.bin'),
    });
    await truncate(join(copy.folder, 'voices/M3.bin'), 100);
    await expect(speak('en+m3')).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('voices/M3.bin'),
    });
    await supertonic.dispose();
    await copy.remove();
  });

  it.each([
    ['onnx/latent_denoiser.onnx', 'model.missing'],
    ['onnx/voice_decoder.onnx', 'model.corrupt'],
    ['tokenizer.json', 'model.corrupt'],
    ['config.json', 'model.missing'],
  ] as const)('names the file when %s is spoilt (%s)', async (file, code) => {
    const copy = await writeMicroSupertonic();
    if (code === 'model.missing') await rm(join(copy.folder, file));
    else await writeFile(join(copy.folder, file), 'neither JSON nor a graph');
    await expect(createSupertonic(copy.config, espeak).load(() => {}, never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(file),
    });
    await copy.remove();
  });
});
