import { beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../core/settings/settings.ts';
import { readAloud } from '../../core/text/reading/read-aloud.ts';
import { openEspeak, type EspeakRuntime } from '../../engines/espeak-runtime.ts';
import { voiceFile } from '../../engines/espeak-voices.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { never } from '../support/stage-contract.ts';

/** Written text, and words that must sound the same. */
const alike: readonly (readonly [voice: string, language: Language, written: string, words: string])[] = [
  ['en-us', 'en', '$5.50', 'five dollars and fifty cents'],
  ['en-us', 'en', 'It is 7:05 on May 5, 2024.', 'It is seven oh five on May fifth, twenty twenty four.'],
  ['en-us', 'en', 'Mr. Smith drove 5 km.', 'Mister Smith drove five kilometers.'],
  ['es', 'es', '-5 °C', 'menos cinco grados'],
  ['es', 'es', 'a la 1:00', 'a la una'],
  ['fr', 'fr', 'à 7h30', 'à sept heures trente'],
  ['fr', 'fr', '-5', 'moins cinq'],
  ['pt-br', 'pt', 'R$ 5,50', 'cinco reais e cinquenta centavos'],
  ['pt-br', 'pt', '10-20', 'dez a vinte'],
  ['it', 'it', 'Sig. Rossi, 1° maggio', 'signor Rossi, primo maggio'],
  ['de', 'de', 'am 3. Mai um 7:30 Uhr', 'am dritten Mai um sieben Uhr dreißig'],
  ['nl', 'nl', '2de, bijv. 5 + 3 = 8', 'tweede, bijvoorbeeld vijf plus drie is acht'],
  ['hi', 'hi', '₹7.50', 'सात रुपये पचास पैसे'],
  ['hi', 'hi', '-7 km', 'माइनस सात किलोमीटर'],
];

describe('eSpeak NG', () => {
  let espeak: EspeakRuntime;
  beforeAll(async () => {
    espeak = await openEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk }, () => {}, never);
  });

  /** Stress moves a little between a number and its words. */
  const sound = (text: string, voice: string) =>
    espeak.phonemes(text, voiceFile(voice)).replaceAll(/[ˈˌ_|\s]/g, '');

  it.each(alike)('[TEXT-11] %s says %s "%s" as "%s"', (voice, language, written, words) => {
    expect(sound(readAloud(written, language), voice)).toBe(sound(words, voice));
    // Otherwise the rule would not be needed.
    expect(sound(written, voice)).not.toBe(sound(words, voice));
  });
});
