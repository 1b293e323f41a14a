import type { ReadingRules } from './rules.ts';

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';
const BEFORE_YEAR = `in|since|until|from|before|after|year|circa|early|late|mid|${MONTHS}`;
const dollar = { whole: ['1 dollar', 'dollars'], hundredth: ['1 cent', 'cents'] } as const;

/** "19 90", "20 24", "19 oh 5", "19 hundred"; the first years of a century are numbers: "2005". */
function year(century: string, rest: string): string {
  if (/^.0$/.test(century) && rest.startsWith('0')) return century + rest;
  if (rest === '00') return `${century} hundred`;
  return rest.startsWith('0') ? `${century} oh ${rest.slice(1)}` : `${century} ${rest}`;
}

function ordinal(day: string): string {
  const last = day.at(-1);
  if (/^1\d$/.test(day)) return `${day}th`;
  return day + (last === '1' ? 'st' : last === '2' ? 'nd' : last === '3' ? 'rd' : 'th');
}

export const english: ReadingRules = {
  decimal: '.',
  abbreviations: {
    'Mr.': 'Mister',
    'Mrs.': 'Mrs',
    'Ms.': 'Ms',
    'Dr.': 'Doctor',
    'Prof.': 'Professor',
    'Jr.': 'Junior',
    'Sr.': 'Senior',
    'vs.': 'versus',
    'e.g.': 'for example',
    'i.e.': 'that is',
    'approx.': 'approximately',
    'Jan.': 'January',
    'Feb.': 'February',
    'Aug.': 'August',
    'Sept.': 'September',
    'Oct.': 'October',
    'Nov.': 'November',
    'Dec.': 'December',
  },
  units: {
    '°C': ['1 degree Celsius', 'degrees Celsius'],
    '°F': ['1 degree Fahrenheit', 'degrees Fahrenheit'],
    km: ['1 kilometer', 'kilometers'],
    'km/h': ['1 kilometer per hour', 'kilometers per hour'],
    m: ['1 meter', 'meters'],
    cm: ['1 centimeter', 'centimeters'],
    mm: ['1 millimeter', 'millimeters'],
    kg: ['1 kilogram', 'kilograms'],
    g: ['1 gram', 'grams'],
    mg: ['1 milligram', 'milligrams'],
    l: ['1 liter', 'liters'],
    ml: ['1 milliliter', 'milliliters'],
    ft: ['1 foot', 'feet'],
    mi: ['1 mile', 'miles'],
    mph: ['1 mile per hour', 'miles per hour'],
    lb: ['1 pound', 'pounds'],
    lbs: ['1 pound', 'pounds'],
    oz: ['1 ounce', 'ounces'],
    min: ['1 minute', 'minutes'],
  },
  currencies: {
    $: dollar,
    US$: dollar,
    '£': { whole: ['1 pound', 'pounds'], hundredth: ['1 penny', 'pence'] },
    '€': { whole: ['1 euro', 'euros'], hundredth: ['1 cent', 'cents'] },
    '₹': { whole: ['1 rupee', 'rupees'], hundredth: ['1 paisa', 'paise'] },
    '¥': { whole: ['1 yen', 'yen'] },
  },
  money: {
    join: ' and ',
    named: true,
    magnitude: 'hundred|thousand|million|billion|trillion',
    ofMagnitude: (currency) => currency,
  },
  minus: 'minus',
  to: 'to',
  signs: {},
  fractions: {
    '1/2': 'one half',
    '1/3': 'one third',
    '2/3': 'two thirds',
    '1/4': 'one quarter',
    '3/4': 'three quarters',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(\s?[ap]\.?m\b)?/gi,
    say(hour, minute, suffix) {
      if (minute >= 10) return `${hour} ${minute}${suffix}`;
      if (minute > 0) return `${hour} oh ${minute}${suffix}`;
      if (suffix !== '') return `${hour}${suffix}`;
      if (hour === 0) return 'midnight';
      return hour > 12 ? `${hour} hundred` : `${hour} o'clock`;
    },
  },
  peculiar: [
    [/\bSt\. (?=\p{Lu})/gu, 'Saint '],
    [/\bSt\.(?=\s+\p{Ll})/gu, 'Street'],
    [/\bSt\.$/g, 'Street.'],
    [
      new RegExp(String.raw`\b(${MONTHS}) ([12]?\d|3[01])(?![\p{L}\d]|[:.,]\d)`, 'gu'),
      (_, month, day) => `${month} ${ordinal(day)}`,
    ],
    [
      new RegExp(
        String.raw`(?<=\b(?:${BEFORE_YEAR})(?: the)? (?:\d?\d(?:st|nd|rd|th)?, )?)(1[1-9]|20)(\d\d)(?=s?(?![\p{L}\d]|[.,:]\d))`,
        'giu',
      ),
      (_, century, rest) => year(century, rest),
    ],
    [/(?<=\d)'(?=s\b)/g, ''],
    [/\bNo\. ?(?=\d)/g, 'number '],
    [/(?<!\d[ /-]?)\b24\/7\b/g, '24 7'],
  ],
};
