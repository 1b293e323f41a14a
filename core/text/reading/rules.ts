/** How a thing is said of which there is one ("un kilómetro", number and all), and of which there are more ("kilómetros"). */
export type CountedForms = readonly [one: string, many: string];

export interface Currency {
  whole: CountedForms;
  /** Hundredths; absent where nobody counts them. */
  hundredth?: CountedForms;
}

/** What to put for each match: a text with `$1`, or a function of the groups. */
export type Rewrite = readonly [pattern: RegExp, put: string | ((...groups: string[]) => string)];

/**
 * What eSpeak NG reads badly in one language, and the words to give it instead. It holds nothing that eSpeak reads well
 * by itself: what it says was read from its phonemes (tests/engines/reading.test.ts).
 */
export interface ReadingRules {
  /** Mark between whole and decimals; the other one of the two parts the thousands. */
  decimal: '.' | ',';
  /** As written within a sentence, with its points, and the words for it. */
  abbreviations: Readonly<Record<string, string>>;
  /** By the sign as written after a number. */
  units: Readonly<Record<string, CountedForms>>;
  /** By the sign as written before or after a number. */
  currencies: Readonly<Record<string, Currency>>;
  money: {
    /** Between the whole and the hundredths. */
    join: string;
    /** Whether the hundredths are named: "5 dollars and 50 cents" against "5 euros 50". */
    named: boolean;
    /** Words that may stand between number and currency ("million"), as a pattern, and the currency after them. */
    magnitude: string;
    ofMagnitude(currency: string): string;
  };
  minus: string;
  /** Between the ends of a range. */
  to: string;
  /** Signs that are words. */
  signs: Readonly<Record<string, string>>;
  /** By the way they are written: "1/2". */
  fractions: Readonly<Record<string, string>>;
  /** A time of the day: the pattern has groups for hour, minute and, where it matters, what follows. */
  clock: { pattern: RegExp; say(hour: number, minute: number, suffix: string): string };
  /** Ordinals, years and whatever else is peculiar to the language; done first. */
  peculiar: readonly Rewrite[];
}
