import type { ReadingRules } from './rules.ts';

const MONTHS = 'Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember';
const ORDINAL_STEMS =
  'erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst'.split(
    ' ',
  );
const ONES = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
const dollar = { whole: ['ein Dollar', 'Dollar'], hundredth: ['ein Cent', 'Cent'] } as const;

/** The day of a month as a stem: "dritt", "einundzwanzigst". */
function dayStem(day: number): string {
  const stem = ORDINAL_STEMS[day - 1];
  if (stem !== undefined) return stem;
  const one = ONES[(day % 10) - 1];
  return `${one === undefined ? '' : `${one}und`}${day < 30 ? 'zwanzigst' : 'dreißigst'}`;
}

function dayEnding(before: string | undefined): string {
  if (before === undefined) return 'er';
  return /^(?:der|die|das)$/i.test(before) ? 'e' : 'en';
}

export const german: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'Dr.': 'Doktor',
    'Hr.': 'Herr',
    'Fr.': 'Frau',
    'Prof.': 'Professor',
    'z. B.': 'zum Beispiel',
    'z.B.': 'zum Beispiel',
    'd. h.': 'das heißt',
    'd.h.': 'das heißt',
    'u. a.': 'unter anderem',
    'u.a.': 'unter anderem',
    'usw.': 'und so weiter',
    'bzw.': 'beziehungsweise',
    'ca.': 'zirka',
    'evtl.': 'eventuell',
    'ggf.': 'gegebenenfalls',
    'inkl.': 'inklusive',
    'Nr.': 'Nummer',
    'Mio.': 'Millionen',
    'Mrd.': 'Milliarden',
    'Str.': 'Straße',
  },
  units: {
    '°C': ['ein Grad', 'Grad'],
    km: ['ein Kilometer', 'Kilometer'],
    'km/h': ['ein Kilometer pro Stunde', 'Kilometer pro Stunde'],
    m: ['ein Meter', 'Meter'],
    cm: ['ein Zentimeter', 'Zentimeter'],
    mm: ['ein Millimeter', 'Millimeter'],
    kg: ['ein Kilo', 'Kilo'],
    g: ['ein Gramm', 'Gramm'],
    l: ['ein Liter', 'Liter'],
    ml: ['ein Milliliter', 'Milliliter'],
    min: ['eine Minute', 'Minuten'],
  },
  currencies: {
    '€': { whole: ['ein Euro', 'Euro'], hundredth: ['ein Cent', 'Cent'] },
    $: dollar,
    US$: dollar,
    '£': { whole: ['ein Pfund', 'Pfund'], hundredth: ['ein Penny', 'Pence'] },
    '¥': { whole: ['ein Yen', 'Yen'] },
  },
  money: {
    join: ' ',
    named: false,
    magnitude: 'Tausend|Million|Millionen|Milliarde|Milliarden',
    ofMagnitude: (currency) => currency,
  },
  minus: 'minus',
  to: 'bis',
  signs: { '÷': 'geteilt durch', '&': 'und' },
  fractions: {
    '1/2': 'ein halb',
    '1/3': 'ein Drittel',
    '2/3': 'zwei Drittel',
    '1/4': 'ein Viertel',
    '3/4': 'drei Viertel',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3])(?::([0-5]\d)(?![\d:])(?:\s?Uhr\b)?|\.([0-5]\d)\s?Uhr\b)/g,
    say(hour, minute, suffix) {
      const minutes = Number.isNaN(minute) ? Number(suffix) : minute;
      const said = hour === 1 ? 'ein Uhr' : `${hour} Uhr`;
      return minutes === 0 ? said : `${said} ${minutes}`;
    },
  },
  peculiar: [
    [
      new RegExp(
        String.raw`(?:(?<=\b(am|vom|zum|beim|dem|den|der|die|das|im) )|(?<![\p{L}\d.,]))(3[01]|[12]?\d)\. (?=${MONTHS})`,
        'giu',
      ),
      (_, before, day) => `${dayStem(Number(day))}${dayEnding(before)} `,
    ],
    [
      /(?<![\p{L}\d.,:/-])(1[1-9])(\d\d)(?![\p{L}\d/-]|[.,:]\d)/gu,
      (_, century, rest) => `${century} hundert${rest === '00' ? '' : ` ${Number(rest)}`}`,
    ],
  ],
};
