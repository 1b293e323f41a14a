type Substitution = readonly [from: string | RegExp, to: string];

/** How eSpeak NG marks a change of language: "(en)". */
const LANGUAGE_MARK = /\([a-z-]+\)/g;

/**
 * Kokoro's letters for the diphthongs and affricates of other languages than English, from the G2P that its training
 * used (hexgrad/misaki, `EspeakG2P`). They hold within one phoneme of eSpeak only: "t" beside "s" is not "ʦ".
 */
const common: readonly Substitution[] = [
  ['aɪ', 'I'],
  ['aʊ', 'W'],
  ['dz', 'ʣ'],
  ['dʒ', 'ʤ'],
  ['eɪ', 'A'],
  ['oʊ', 'O'],
  ['əʊ', 'Q'],
  ['ss', 'S'],
  ['ts', 'ʦ'],
  ['tʃ', 'ʧ'],
  ['ɔɪ', 'Y'],
  ['-', ''],
  // Hindi's flapped d, for which this eSpeak has no letter.
  ['r.', 'ɽ'],
];

/** For English Kokoro knows fewer phonemes than eSpeak: misaki's `EspeakFallback`. */
const english: readonly Substitution[] = [
  ['aɪ', 'I'],
  ['aʊ', 'W'],
  ['dʒ', 'ʤ'],
  ['eɪ', 'A'],
  ['oʊ', 'O'],
  ['əʊ', 'Q'],
  ['tʃ', 'ʧ'],
  ['ɔɪ', 'Y'],
  ['əl', 'ᵊl'],
  [/(\p{L})\u0329/u, 'ᵊ$1'],
  ['ɚ', 'əɹ'],
  ['ʔ', 't'],
  ['r', 'ɹ'],
  ['x', 'k'],
  ['ç', 'k'],
  ['ɐ', 'ə'],
  ['ɬ', 'l'],
  [/[\u0303ʲ]/, ''],
];

const british: readonly Substitution[] = [['eə', 'ɛː'], ['iə', 'ɪə'], ...english, ['e', 'A'], ['o', 'ɔ']];

const american: readonly Substitution[] = [
  ...english,
  ['e', 'A'],
  ['o', 'ɔ'],
  [/ɜː?ɹ?/, 'ɜɹ'],
  ['ɪə', 'iə'],
  ['ː', ''],
  // The flap of "butter" has a letter of its own in Kokoro v1.0.
  ['ɾ', 'T'],
];

/**
 * Kokoro's phonemes for eSpeak NG's: words with a space between, stress before the vowel.
 * @param ipa phonemes of a word joined by `_`, as `EspeakRuntime.phonemes` gives them
 * @param locale lower-case BCP-47 tag of the voice
 */
export function toKokoroPhonemes(ipa: string, locale: string): string {
  const substitutions = locale === 'en-gb' ? british : locale.startsWith('en') ? american : common;
  const words = ipa
    .replace(LANGUAGE_MARK, '')
    .replaceAll('|', ' ')
    .split(/\s+/)
    .map((word) =>
      word
        .split('_')
        .map((phoneme) => substitute(phoneme, substitutions))
        .join(''),
    )
    .filter((word) => word !== '');
  return locale.startsWith('en') ? tidyEnglish(words.join(' ')) : words.join(' ');
}

function substitute(phoneme: string, substitutions: readonly Substitution[]): string {
  return substitutions.reduce((done, [from, to]) => done.replace(from, to), phoneme);
}

/** eSpeak writes r twice where words meet, runs "nineteen hundred" together and sets the plural of numbers apart ("80 z"). */
function tidyEnglish(phonemes: string): string {
  return phonemes
    .replaceAll('ɹɹ', 'ɹ')
    .replaceAll(/(?<=\S)(?=hˈʌndɹ)/g, ' ')
    .replaceAll(/ z(?= |$)/g, 'z');
}
