/**
 * Characters that a voice at speed 1 says in a second, a digit counted as `DIGIT_CHARACTERS`. Measured with Debian's
 * espeak-ng: sentences of 20 to 60 characters take 14.8 (pt-br) to 20 (fr-fr) characters a second, en-us 15.3 to 16.7.
 */
const CHARACTERS_PER_SECOND = 15.5;

/** "84" is said in as much time as "eighty four". */
const DIGIT_CHARACTERS = 4;

/** How long a voice takes to say `speech`, in milliseconds, where its audio is not complete yet. */
export function estimateSpeechMs(speech: string, speed: number): number {
  return (weight(speech) / (CHARACTERS_PER_SECOND * speed)) * 1000;
}

/**
 * The beginning of `clause.text` that the person heard when `playedMs` of its `durationMs` had been played, by the share
 * of spoken characters. Ends after a whole word; a word counts when at least half of it was played. Nothing played: the
 * empty string; all of it: the whole text. Without a duration (the voice is still at work) it is estimated from the
 * speaking rate at `speed`.
 */
export function heardText(
  clause: { text: string; speech: string },
  playedMs: number,
  durationMs: number | undefined,
  speed = 1,
): string {
  if (!(playedMs > 0)) return '';
  const lengthMs = durationMs ?? estimateSpeechMs(clause.speech, speed);
  if (playedMs >= lengthMs) return clause.text;
  const played = (playedMs / lengthMs) * weight(clause.speech);
  let heardEnd = 0;
  let before = 0;
  for (const [piece, space = '', word = ''] of clause.speech.matchAll(/(\s*)(\S+)/g)) {
    if (before + space.length + weight(word) / 2 > played) break;
    before += weight(piece);
    heardEnd = endInText(clause.text, word, heardEnd);
  }
  return clause.text.slice(0, heardEnd).trimStart() === '' ? '' : clause.text.slice(0, heardEnd);
}

/** Where `word` of the speech ends in the written text, marks glued to it included; `from` where it is not found. */
function endInText(text: string, word: string, from: number): number {
  const core = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');
  const at = core === '' ? -1 : text.indexOf(core, from);
  if (at < 0) return from;
  const rest = /\s/.exec(text.slice(at + core.length));
  return rest ? at + core.length + rest.index : text.length;
}

function weight(speech: string): number {
  let sum = 0;
  for (const char of speech) sum += isDigit(char) ? DIGIT_CHARACTERS : 1;
  return sum;
}

/** Nearly every character is settled without the expression, which would run once for each of them. */
function isDigit(char: string): boolean {
  return char < '\u0080' ? char >= '0' && char <= '9' : /\p{Nd}/u.test(char);
}
