import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatSamples } from '../../core/audio/pcm.ts';
import { openEspeak } from '../../engines/espeak-runtime.ts';
import { createKokoro } from '../../engines/kokoro.ts';
import { phonemize } from '../../engines/kokoro/g2p.ts';
import { readVocabulary } from '../../engines/kokoro/vocabulary.ts';
import {
  kokoroTokenizer,
  microKokoroFiles,
  microSpeech,
  writeMicroKokoro,
  type Fault,
} from '../support/micro-kokoro.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { collect, describeSynthesizer, never } from '../support/stage-contract.ts';

const espeak = { assetUrl: runtimeUrls.espeak, read: readFromDisk };

const micro = await writeMicroKokoro();
afterAll(() => micro.remove());

const create = () => createKokoro(micro.config, espeak);

describeSynthesizer('Kokoro', create, {
  af_heart: 'The timer is set for five minutes from now.',
  bf_emma: 'The timer is set for five minutes from now.',
  ef_dora: 'El temporizador está puesto para cinco minutos.',
  ff_siwis: 'Le minuteur est réglé sur cinq minutes.',
  hf_alpha: 'टाइमर पाँच मिनट के लिए लगा दिया गया है।',
  if_sara: 'Il timer è impostato su cinque minuti.',
  pf_dora: 'O temporizador está marcado para cinco minutos.',
  'es-419': 'El temporizador está puesto para cinco minutos.',
  'en-us': 'The timer is set for five minutes from now.',
});

/** All audio of a text, with the voice af_heart. */
async function said(text: string, speed = 1, config = micro.config): Promise<Float32Array> {
  const kokoro = createKokoro(config, espeak);
  await kokoro.load(() => {}, never);
  const chunks = await collect(kokoro.speak(text, { id: 'af_heart', speed }, never));
  await kokoro.dispose();
  expect(chunks.every(({ rateHz }) => rateHz === 24_000)).toBe(true);
  return concatSamples(chunks.map(({ samples }) => samples));
}

/** What the micro-Kokoro should make of a sentence. */
async function expected(sentence: string, speed = 1): Promise<Float32Array> {
  const phonemes = phonemize(sentence, 'en-us', await openEspeak(espeak, () => {}, never));
  const vocabulary = readVocabulary(kokoroTokenizer, micro.config);
  return microSpeech(vocabulary.encode(vocabulary.known(phonemes)), speed);
}

function worstDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, sample, at) => Math.max(worst, Math.abs(sample - b[at]!)), 0);
}

describe('Kokoro', () => {
  it.each([1, 1.5, 0.7])(
    '[VOICE-3] says each phoneme in order, in the style of its length, at speed %s',
    async (speed) => {
      const sentence = 'She said: the quick brown fox, and 25 jumps!';
      expect(worstDifference(await said(sentence, speed), await expected(sentence, speed))).toBeLessThan(
        1e-5,
      );
    },
  );

  it('[VOICE-3] says the same with quantised weights', async () => {
    const config = { ...micro.config, dtype: 'q8' as const };
    const sentence = 'A quantised voice.';
    expect(worstDifference(await said(sentence, 1, config), await expected(sentence))).toBeLessThan(0.01);
  });

  it('[VOICE-2] says five thousand characters to their end', async () => {
    const sentence = 'The rain in Spain stays mainly in the plain. ';
    const once = await expected(sentence);
    const all = await said(sentence.repeat(112).slice(0, 5_039));
    expect(all.length).toBe(once.length * 112);
  });

  it('[VOICE-2] says a sentence without a mark that is longer than a run', async () => {
    const once = await said('and on it goes');
    expect((await said('and on it goes '.repeat(100))).length).toBeGreaterThan(once.length * 80);
  });
});

describe('Kokoro refuses in words', () => {
  it.each(['de', 'nl-be', 'jf_alpha', 'zf_xiaobei', 'xf_nobody', '../../secret', ''])(
    'the voice "%s"',
    async (id) => {
      const kokoro = create();
      await kokoro.load(() => {}, never);
      await expect(collect(kokoro.speak('Hello.', { id, speed: 1 }, never))).rejects.toMatchObject({
        code: 'input.invalid',
        message: expect.stringContaining('Choose a voice'),
      });
      await kokoro.dispose();
    },
  );

  it('a voice whose file is missing or of another size, and speaks with others', async () => {
    const copy = await writeMicroKokoro();
    const kokoro = createKokoro(copy.config, espeak);
    await kokoro.load(() => {}, never);
    const speak = (id: string) => collect(kokoro.speak('Hello.', { id, speed: 1 }, never));
    await expect(speak('am_onyx')).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('voices/am_onyx.bin'),
    });
    await truncate(join(copy.folder, 'voices/bf_emma.bin'), 522_239);
    await expect(speak('bf_emma')).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('voices/bf_emma.bin'),
    });
    expect((await speak('af_heart')).length).toBeGreaterThan(0);
    await kokoro.dispose();
    await copy.remove();
  });

  it.each([
    ['config.json', 'model.missing'],
    ['tokenizer.json', 'model.missing'],
    ['onnx/model.onnx', 'model.missing'],
    ['tokenizer.json', 'model.corrupt'],
    ['onnx/model.onnx', 'model.corrupt'],
  ] as const)('a model whose %s is spoilt (%s)', async (file, code) => {
    const copy = await writeMicroKokoro();
    if (code === 'model.missing') await rm(join(copy.folder, file));
    else await writeFile(join(copy.folder, file), 'neither JSON nor a graph');
    const kokoro = createKokoro(copy.config, espeak);
    await expect(kokoro.load(() => {}, never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(file),
    });
    await copy.remove();
  });

  it('to load without the files of eSpeak NG', async () => {
    const kokoro = createKokoro(micro.config, { ...espeak, assetUrl: `${runtimeUrls.espeak}nowhere/` });
    await expect(kokoro.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('espeak-ng'),
    });
  });
});

it('Kokoro is tried with a voice that this site has', async () => {
  const copy = await writeMicroKokoro();
  const files = [...microKokoroFiles().keys()].filter((path) => !/_heart|_emma/.test(path));
  await rm(join(copy.folder, 'voices/af_heart.bin'));
  const listed = files.map((path) => ({ path, sha256: '' }));
  const kokoro = createKokoro({ ...copy.config, files: listed }, espeak);
  await kokoro.load(() => {}, never);
  await kokoro.dispose();
  await expect(createKokoro(copy.config, espeak).load(() => {}, never)).rejects.toMatchObject({
    message: expect.stringContaining('voices/af_heart.bin'),
  });
  await copy.remove();
});

describe('Kokoro, tried with a sentence when it is loaded', () => {
  const faults: Fault[] = ['nan', 'noise', 'constant', 'silence', 'hum', 'mumble'];

  it.each(faults)('[VOICE-4] refuses a model that speaks %s', async (fault) => {
    const broken = await writeMicroKokoro(fault);
    const kokoro = createKokoro(broken.config, espeak);
    await expect(kokoro.load(() => {}, never)).rejects.toMatchObject({
      code: 'engine.failed',
      message: expect.stringContaining('does not sound right'),
    });
    await broken.remove();
  });
});
