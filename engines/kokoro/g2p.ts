import { readAloud } from '../../core/text/reading/read-aloud.ts';
import { voiceLanguage } from '../../core/settings/voices.ts';
import type { EspeakRuntime } from '../espeak-runtime.ts';
import { voiceFile } from '../espeak-voices.ts';
import { toKokoroPhonemes } from './phonemes.ts';
import { toSpeechParts } from './speech-text.ts';

/**
 * What Kokoro is to say, in its phonemes with stress and punctuation: "həlˈO, wˈɜɹld!". Empty where the text has no words.
 * @param locale lower-case BCP-47 tag of the voice
 */
export function phonemize(text: string, locale: string, espeak: EspeakRuntime): string {
  const language = voiceLanguage(locale);
  const file = voiceFile(locale);
  return toSpeechParts(readAloud(text, language), language)
    .map((part) => ('mark' in part ? part.mark : toKokoroPhonemes(espeak.phonemes(part.words, file), locale)))
    .join('')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/ (?=[;:,.!?…])/g, '')
    .trim();
}
