const ones = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ');
const tens = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const scales = [
  [1_000_000, 'million'],
  [1000, 'thousand'],
  [100, 'hundred'],
] as const;

function numberWords(value: number): string {
  if (value < 20) return ones[value] ?? '';
  if (value < 100) return `${tens[Math.floor(value / 10)]}${value % 10 ? ` ${ones[value % 10]}` : ''}`;
  const [size, name] = scales.find(([scale]) => value >= scale) ?? [1, ''];
  const rest = value % size;
  return `${numberWords(Math.floor(value / size))} ${name}${rest ? ` ${numberWords(rest)}` : ''}`;
}

function decimalWords(text: string): string {
  const [whole = '0', fraction] = text.replaceAll(',', '').split('.');
  const words = numberWords(Number(whole));
  return fraction === undefined
    ? words
    : `${words} point ${[...fraction].map((digit) => ones[Number(digit)]).join(' ')}`;
}

function timeWords(_match: string, hour: string, minute: string): string {
  const minutes = minute.startsWith('0') ? `zero ${ones[Number(minute[1])]}` : numberWords(Number(minute));
  return `${numberWords(Number(hour))} ${minutes}`;
}

/**
 * The lowercase words of an English sentence as eSpeak NG says it: "It's 3:42 PM." is "it's three forty two p m". Word
 * errors are counted on this form.
 */
export function spokenForm(text: string): string {
  return text
    .replaceAll('’', "'")
    .replace(/(?<=\d)\s*([AP])\.?M\b\.?/gi, (_match, half: string) => ` ${half} m`)
    .replace(/\b(\d{1,2}):(\d\d)/g, timeWords)
    .replace(/(?<=\d)\s*%/g, ' percent')
    .replace(/\d[\d,]*(?:\.\d+)?/g, (number) => decimalWords(number.replace(/,$/, '')))
    .toLowerCase()
    .replace(/[^a-z' ]+/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '')
    .join(' ');
}

/** Fewest insertions, deletions and substitutions that turn one list of words into the other. */
export function wordErrors(reference: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, index) => index + 1);
  row.unshift(0);
  for (const [position, word] of reference.entries()) {
    const next = [position + 1];
    for (const [index, other] of heard.entries()) {
      const same = word === other ? 0 : 1;
      next.push(Math.min((row[index] ?? 0) + same, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Share of the reference's words that were heard, 0…1, in order. */
export function wordAgreement(reference: string, heard: string): number {
  const words = spokenForm(reference).split(' ');
  return Math.max(0, 1 - wordErrors(words, spokenForm(heard).split(' ')) / words.length);
}
