import { sentenceEnd } from '../../core/text/sentence-end.ts';

/** A stretch of text: words for eSpeak NG, or a mark as Kokoro has it, with the spaces around it. */
export type SpeechPart = { words: string } | { mark: string };

/** Marks that are no part of a word, whatever stands beside them. */
const MARKS = ';!?…—()"“”«»¿¡[]।॥。！？，、；：（）';
/** Marks that may also stand within a word or number: "3.5", "10:30", "1,000". */
const INNER_MARKS = '.,:';

/** Kokoro's letters for marks that it does not know. */
const asKnown: Readonly<Record<string, string>> = {
  '«': '“',
  '»': '”',
  '¿': '',
  '¡': '',
  '[': '(',
  ']': ')',
  '।': '.',
  '॥': '.',
  '。': '.',
  '！': '!',
  '？': '?',
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '（': '(',
  '）': ')',
};

/** Parts text into words and marks, which Kokoro reads as intonation and pauses. */
export function toSpeechParts(text: string, language: string): SpeechPart[] {
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll('...', '…')
    .replaceAll(/ [-–] |–|--/g, '—');
  const parts: SpeechPart[] = [];
  let words = '';
  const endWords = (): void => {
    if (/[\p{L}\p{N}]/u.test(words)) parts.push({ words: words.trim() });
    words = '';
  };
  for (let at = 0; at < plain.length; at++) {
    const letter = plain.charAt(at);
    if (!isMark(plain, at, language)) {
      words += letter;
      continue;
    }
    const mark = asKnown[letter] ?? letter;
    const before = words.endsWith(' ') || at === 0 ? ' ' : '';
    endWords();
    const after = plain[at + 1] === ' ' ? ' ' : '';
    parts.push({ mark: before + mark + after });
  }
  endWords();
  return parts;
}

function isMark(text: string, at: number, language: string): boolean {
  const letter = text.charAt(at);
  if (MARKS.includes(letter)) return true;
  if (!INNER_MARKS.includes(letter) || /[\p{L}\p{N}]/u.test(text[at + 1] ?? '')) return false;
  if (letter !== '.') return true;
  // "J. Smith" and "at 10 a.m. today" are not two sentences.
  const place = { clauseStart: 0, lineStart: false, ended: true, language };
  return sentenceEnd(text, at, place) !== 'none';
}
