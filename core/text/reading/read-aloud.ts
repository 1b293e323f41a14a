import type { Language } from '../../settings/settings.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { french } from './fr.ts';
import { hindi } from './hi.ts';
import { italian } from './it.ts';
import { dutch } from './nl.ts';
import { portuguese } from './pt.ts';
import type { CountedForms, Currency, ReadingRules } from './rules.ts';

const rulesOf: Readonly<Record<Language, ReadingRules>> = {
  en: english,
  es: spanish,
  fr: french,
  pt: portuguese,
  hi: hindi,
  de: german,
  nl: dutch,
  it: italian,
};

type Step = (text: string) => string;

const steps = new Map<Language, readonly Step[]>();

/**
 * Text with money, times, units, ordinals, signs and abbreviations put in words, where eSpeak NG would read them badly;
 * numbers stay digits, which it reads well. Text without any of these is unchanged.
 */
export function readAloud(text: string, language: Language): string {
  let own = steps.get(language);
  if (own === undefined) {
    own = createSteps(rulesOf[language]);
    steps.set(language, own);
  }
  return own.reduce((done, step) => step(done), text);
}

function createSteps(rules: ReadingRules): Step[] {
  return [
    ...rules.peculiar.map(
      ([pattern, put]): Step =>
        (text) =>
          text.replace(pattern, put as string),
    ),
    sayAbbreviations(rules),
    sayTimes(rules),
    ...sayMoney(rules),
    sayFractions(rules),
    sayUnits(rules),
    sayRanges(rules),
    (text) => text.replace(/(?<=^|[\s(])[-−](?=\p{Nd})/gu, `${rules.minus} `),
    saySigns(rules),
  ];
}

/** A number in this language, with thousands parted by its mark or by a narrow space. */
function numberPattern({ decimal }: ReadingRules): string {
  const group = decimal === '.' ? ',' : '.';
  return String.raw`\p{Nd}{1,3}(?:[${group}\u00a0\u202f]\p{Nd}{2,3})+(?:[${decimal}]\p{Nd}+)?|\p{Nd}+(?:[${decimal}]\p{Nd}+)?`;
}

function counted(amount: string, [one, many]: CountedForms): string {
  return amount === '1' ? one : `${amount} ${many}`;
}

function sayAbbreviations({ abbreviations }: ReadingRules): Step {
  const words = new Map(
    Object.entries(abbreviations).flatMap(([written, said]) => [
      [capitalised(written), capitalised(said)] as const,
      [written, said] as const,
    ]),
  );
  const names = either([...words.keys()]);
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{M}\p{N}.])(?:${names})(?![\p{L}\p{N}])`, 'gu');
  return (text) =>
    text.replace(pattern, (written, at: number) => {
      // The point of what ends the text ends a sentence as well.
      const isLast = written.endsWith('.') && text.slice(at + written.length).trim() === '';
      return `${words.get(written) ?? written}${isLast ? '.' : ''}`;
    });
}

function sayTimes({ clock }: ReadingRules): Step {
  return (text) =>
    text.replace(clock.pattern, (_, hour: string, minute: string, suffix?: string) =>
      clock.say(Number(hour), Number(minute), typeof suffix === 'string' ? suffix : ''),
    );
}

function sayMoney(rules: ReadingRules): Step[] {
  const { currencies, money } = rules;
  const sign = either(Object.keys(currencies));
  const number = numberPattern(rules);
  const magnitude = String.raw`(?:\s(${money.magnitude})(?![\p{L}]))?`;
  const before = new RegExp(
    String.raw`(?<![\p{L}\p{N}])(${sign})\s?(${number})(?![\p{L}\p{N}]|[.,]\p{Nd})${magnitude}`,
    'gu',
  );
  const after = new RegExp(
    String.raw`(?<![\p{L}\p{N}.,])(${number})${magnitude}\s?(${sign})(?![\p{L}\p{N}])`,
    'gu',
  );
  const say = (name: string, amount: string, size?: string): string => {
    const currency = currencies[name]!;
    return size === undefined
      ? sayAmount(amount, currency, rules)
      : `${amount} ${size} ${money.ofMagnitude(currency.whole[1])}`;
  };
  return [
    (text) =>
      text.replace(before, (_, name: string, amount: string, size?: string) => say(name, amount, size)),
    (text) =>
      text.replace(after, (_, amount: string, size: string | undefined, name: string) =>
        say(name, amount, size),
      ),
  ];
}

function sayAmount(amount: string, { whole, hundredth }: Currency, { decimal, money }: ReadingRules): string {
  const [units = '', hundredths = ''] = amount.split(decimal);
  if (hundredth === undefined || hundredths.length !== 2) return counted(amount, whole);
  const rest = String(Number(hundredths));
  if (rest === '0') return counted(units, whole);
  if (units === '0') return counted(rest, hundredth);
  return counted(units, whole) + money.join + (money.named ? counted(rest, hundredth) : rest);
}

function sayFractions({ fractions }: ReadingRules): Step {
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}.,/:])(?:${either(Object.keys(fractions))})(?![\p{L}\p{N}/]|[.,]\p{Nd})`,
    'gu',
  );
  return (text) => text.replace(pattern, (found) => fractions[found] ?? found);
}

function sayUnits(rules: ReadingRules): Step {
  const { units } = rules;
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}.,])(${numberPattern(rules)})(\s?)(${either(Object.keys(units))})(?![\p{L}\p{M}\p{N}/])`,
    'gu',
  );
  return (text) =>
    text.replace(pattern, (found, amount: string, space: string, unit: string) => {
      // "5 m" are metres; "5m" may be minutes or millions as well.
      const isDoubtful = unit.length === 1 && space === '';
      return isDoubtful ? found : counted(amount, units[unit]!);
    });
}

/** Only where the second number is the larger one, and not three digits and four: the rest are telephone numbers and scores. */
function sayRanges({ to }: ReadingRules): Step {
  const pattern = /(?<![\p{L}\p{N}.,:/–-])(\p{Nd}+)[-–](\p{Nd}+)(?![\p{L}\p{N}:/–-]|[.,]\p{Nd})/gu;
  return (text) =>
    text.replace(pattern, (found, from: string, until: string) => {
      const isPhone = from.length === 3 && until.length === 4;
      return Number(from) < Number(until) && !isPhone ? `${from} ${to} ${until}` : found;
    });
}

function saySigns({ signs }: ReadingRules): Step {
  const names = Object.keys(signs);
  if (names.length === 0) return (text) => text;
  const pattern = new RegExp(String.raw`\s*(${either(names)})\s*`, 'gu');
  return (text) => text.replace(pattern, (_, sign: string) => ` ${signs[sign]!} `);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Any of these texts, the longest first. */
function either(texts: readonly string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
    .join('|');
}
