import { beforeAll, describe, expect, it } from 'vitest';
import { openEspeak, type EspeakRuntime } from '../../engines/espeak-runtime.ts';
import { LONGEST_CHUNK, toChunks } from '../../engines/kokoro/chunks.ts';
import { phonemize } from '../../engines/kokoro/g2p.ts';
import { toSpeechParts } from '../../engines/kokoro/speech-text.ts';
import { readVocabulary } from '../../engines/kokoro/vocabulary.ts';
import { kokoroTokenizer } from '../support/micro-kokoro.ts';
import { readFromDisk, runtimeUrls } from '../support/runtime-files.ts';
import { never } from '../support/stage-contract.ts';

const model = { name: 'Kokoro', modelId: 'micro/kokoro' };

/** Affricates, diphthongs, syllabic consonants and flaps are written in Kokoro's own letters. */
const phonemes: readonly (readonly [locale: string, text: string, said: string])[] = [
  ['en-us', 'Hello there, Mr. Smith!', 'həlˈO ðˈɛɹ, mˈɪstəɹ smˈɪθ!'],
  ['en-us', 'The button is a little better.', 'ðə bˈʌtᵊn ɪz ə lˈɪTᵊl bˈɛTəɹ.'],
  [
    'en-us',
    'Boxes near my house: fire, choice, judge, boat, bird.',
    'bˈɑksᵻz nˌɪɹ mI hˈWs: fˈIəɹ, ʧˈYs, ʤˈʌʤ, bˈOt, bˈɜɹd.',
  ],
  ['en-us', 'He said “yes” (twice) — at 10 a.m. today…', 'hi sˈɛd “jˈɛs” (twˈIs) — æt tˈɛn ˌAˈɛm tədˈA…'],
  [
    'en-us',
    'It was 1900 in 1980s style, per hour.',
    'ɪt wʌz nˈIntin hˈʌndɹɪd ɪn nˈIntin ˈATiz stˈIl, pɜɹ ˈWəɹ.',
  ],
  ['en-gb', 'The button is near the fair boat; bird.', 'ðə bˈʌtən ɪz nˌɪə ðə fˈɛː bˈQt; bˈɜːd.'],
  ['es', '¿Qué hora es? Son las 7:05, Dr. Gil.', 'kˈe ˈoɾa ˈes? sˈon las sjˈete i θˈinko, doktˈoɾ xˈil.'],
  ['fr', 'Le weekend, j’ai bu 2 cafés à 7h30.', 'lə wiːkˈɛnd, ʒe bˈy dˈø kafˈez a sˈɛt ˈœʁ tʁˈɑ̃t.'],
  ['hi', 'लड़का घर आया। ₹5', 'lˈʌɽkˌaː ɡʰˈʌɾ ˈaːjaː. pˈãc ɾˈʊpjˌeː'],
  ['it', 'La pizza con gli amici, oggi.', 'la pˈiʦːa kon ʎɪ amˈiʧɪ, ˈɔʤːɪ.'],
  ['pt-br', 'Não, amanhã às 7h30.', 'nˈɐ̃ʊ̃, ˌæmɐ̃ɲˈɐ̃ aːs sˈɛʧy ˈɔɾæz i trˈiŋtæ.'],
];

describe('Kokoro’s phonemes', () => {
  let espeak: EspeakRuntime;
  beforeAll(async () => {
    espeak = await openEspeak({ assetUrl: runtimeUrls.espeak, read: readFromDisk }, () => {}, never);
  });

  it.each(phonemes)('[VOICE-1] in %s of "%s"', (locale, text, said) => {
    expect(phonemize(text, locale, espeak).normalize('NFD')).toBe(said.normalize('NFD'));
  });

  it.each(phonemes)('[VOICE-1] in %s of "%s" are all in the vocabulary', (locale, text) => {
    const said = phonemize(text, locale, espeak);
    const { known } = readVocabulary(kokoroTokenizer, model);
    expect(known(said).normalize('NFD')).toBe(said.normalize('NFD'));
  });

  it('are none where there are no words', () => {
    for (const text of ['', ' ', '…', '?!', '«»', '\0', '🎉']) {
      expect(phonemize(text, 'en-us', espeak)).not.toMatch(/\p{L}/u);
    }
  });
});

describe('The text for Kokoro', () => {
  it('is parted into words and marks', () => {
    expect(toSpeechParts('Well, “yes” (no)!', 'en')).toEqual([
      { words: 'Well' },
      { mark: ', ' },
      { mark: ' “' },
      { words: 'yes' },
      { mark: '” ' },
      { mark: ' (' },
      { words: 'no' },
      { mark: ')' },
      { mark: '!' },
    ]);
  });

  it('keeps numbers, times, initials and abbreviations whole', () => {
    for (const text of ['3.5', '1,000', '10:30', 'J. Smith', 'at 10 a.m. today', 'U.S.A. is', 'a-b']) {
      expect(toSpeechParts(text, 'en')).toEqual([{ words: text }]);
    }
  });

  it('reads the marks of other scripts as those that Kokoro knows', () => {
    const marks = toSpeechParts('एक। दो॥ ¿uno? «deux» - drei...', 'hi').flatMap((part) =>
      'mark' in part ? [part.mark.trim()] : [],
    );
    expect(marks).toEqual(['.', '.', '', '?', '“', '”', '—', '…']);
  });
});

describe('The chunks of Kokoro', () => {
  it('are sentences', () => {
    expect(toChunks('wˈʌn, tˈu. θɹˈi! “fˈɔɹ?” fˈIv')).toEqual(['wˈʌn, tˈu.', 'θɹˈi!', '“fˈɔɹ?”', 'fˈIv']);
    expect(toChunks('… — !')).toEqual([]);
    expect(toChunks('')).toEqual([]);
  });

  it('[VOICE-2] are cut at a clause mark, else between words, else anywhere, and lose nothing', () => {
    expect(toChunks('aa aa, bb bb cc', 12)).toEqual(['aa aa,', 'bb bb cc']);
    expect(toChunks('a, bb bb bb bb cc', 12)).toEqual(['a, bb bb bb', 'bb cc']);
    expect(toChunks('x'.repeat(30), 12)).toEqual(['x'.repeat(12), 'x'.repeat(12), 'x'.repeat(6)]);
    const long = 'sˈʌm wɜɹdz, '.repeat(500);
    const chunks = toChunks(long);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST_CHUNK);
    expect(chunks.join(' ')).toBe(long.trim());
  });
});

describe('The vocabulary of Kokoro', () => {
  const vocabulary = readVocabulary(kokoroTokenizer, model);

  it('encloses what it encodes', () => {
    expect(vocabulary.encode('ab.')).toEqual([0, 43, 44, 4, 0]);
    expect(vocabulary.encode('')).toEqual([0, 0]);
  });

  it('takes apart what it does not know, and leaves out the rest', () => {
    expect(vocabulary.known('ã ç 漢$🎉\u0000b')).toBe('a\u0303 ç b');
  });

  it('is refused by name where tokenizer.json is of another kind', () => {
    for (const json of [null, [], {}, { model: { vocab: { a: 'x' } } }, { model: { vocab: { a: 1 } } }]) {
      expect(() => readVocabulary(json, model)).toThrow(
        expect.objectContaining({
          code: 'model.corrupt',
          message: expect.stringContaining('tokenizer.json'),
        }),
      );
    }
  });
});
