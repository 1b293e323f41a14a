import { describe, expect, it } from 'vitest';
import { createEspeak } from '../../engines/espeak.ts';
import { toPieces } from '../../engines/espeak-text.ts';
import { voiceFile, wordsPerMinute } from '../../engines/espeak-voices.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { collect, describeSynthesizer, never } from '../support/stage-contract.ts';

const create = () => createEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk });

describeSynthesizer('eSpeak NG', create, {
  'en-us': 'The timer is set for five minutes from now.',
  'en-gb': 'The timer is set for five minutes from now.',
  es: 'El temporizador está puesto para cinco minutos.',
  'fr-fr': 'Le minuteur est réglé sur cinq minutes.',
  'pt-br': 'O temporizador está marcado para cinco minutos.',
  pt: 'O temporizador está marcado para cinco minutos.',
  hi: 'टाइमर पाँच मिनट के लिए लगा दिया गया है।',
  de: 'Der Wecker ist auf fünf Minuten gestellt.',
  nl: 'De wekker staat op vijf minuten.',
  it: 'Il timer è impostato su cinque minuti.',
});

describe('eSpeak NG', { timeout: 60_000 }, () => {
  it('speaks a reply of two thousand words to its end', async () => {
    const espeak = create();
    await espeak.load(() => {}, never);
    let samples = 0;
    const text = 'and on it goes '.repeat(500);
    for await (const chunk of espeak.speak(text, { id: 'en-us', speed: 1 }, never))
      samples += chunk.samples.length;
    expect(samples / 22_050 / 60).toBeGreaterThan(6);
  });

  it('names the file that is missing', async () => {
    const espeak = createEspeak({ assetUrl: `${runtimeUrls.espeak}nowhere/`, read: readFromDisk });
    await expect(espeak.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('espeak-ng.data'),
    });
  });

  it('names a script that is missing', async () => {
    const espeak = createEspeak({
      assetUrl: `${runtimeUrls.espeak}nowhere/`,
      read: (url, ...rest) => readFromDisk(url.replace('nowhere/', ''), ...rest),
    });
    await expect(espeak.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('espeak-ng.js'),
    });
  });

  it('says that a truncated data file is damaged', async () => {
    const espeak = createEspeak({
      assetUrl: runtimeUrls.espeak,
      read: async (...asked) => (await readFromDisk(...asked)).slice(0, 1_000_000),
    });
    await expect(espeak.load(() => {}, never)).rejects.toMatchObject({
      code: 'model.corrupt',
      message: expect.stringContaining('espeak-ng.data'),
    });
  });

  it('reads markup and phoneme brackets as text', async () => {
    const espeak = create();
    await espeak.load(() => {}, never);
    for (const text of ['<audio src="x"/>five', '[[h@lloU]] five', 'a\0five', '\ud800 five'])
      expect((await collect(espeak.speak(text, { id: 'en-us', speed: 1 }, never))).length).toBeGreaterThan(0);
  });
});

describe('text for eSpeak NG', () => {
  it('is cut after sentences, and within long ones between words', () => {
    expect(toPieces('One. Two! Three')).toEqual(['One.', 'Two!', 'Three']);
    const pieces = toPieces('word '.repeat(100));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(200);
    expect(pieces.join(' ').match(/word/g)).toHaveLength(100);
    expect(toPieces('x'.repeat(450)).join('')).toHaveLength(450);
  });

  it('leaves numbers with points whole', () => {
    expect(toPieces('It is 3.5 degrees.')).toEqual(['It is 3.5 degrees.']);
  });
});

describe('voices of eSpeak NG', () => {
  it('fall back to the language, then to US English', () => {
    expect(voiceFile('pt-BR')).toBe('roa/pt-BR');
    expect(voiceFile('if_sara')).toBe('roa/it');
    expect(voiceFile('es+m3')).toBe('roa/es');
    expect(voiceFile('jf_alpha')).toBe('gmw/en-US');
    expect(voiceFile('de-at')).toBe('gmw/de');
    expect(voiceFile('constructor')).toBe('gmw/en-US');
    expect(voiceFile('')).toBe('gmw/en-US');
  });

  it('keep to the speeds that eSpeak NG knows', () => {
    expect(wordsPerMinute(1)).toBe(175);
    expect(wordsPerMinute(100)).toBe(449);
    expect(wordsPerMinute(0)).toBe(80);
    expect(wordsPerMinute(Number.NaN)).toBe(175);
  });
});
