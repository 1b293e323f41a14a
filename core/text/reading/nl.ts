import type { ReadingRules } from './rules.ts';

const ORDINALS =
  'eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende vijftiende zestiende zeventiende achttiende negentiende twintigste eenentwintigste'.split(
    ' ',
  );
const dollar = { whole: ['één dollar', 'dollar'], hundredth: ['één cent', 'cent'] } as const;

export const dutch: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'dhr.': 'de heer',
    'mevr.': 'mevrouw',
    'mw.': 'mevrouw',
    'dr.': 'dokter',
    'prof.': 'professor',
    'bijv.': 'bijvoorbeeld',
    'nr.': 'nummer',
    'ca.': 'circa',
    'evt.': 'eventueel',
    'a.u.b.': 'alstublieft',
  },
  units: {
    '°C': ['één graad', 'graden'],
    km: ['één kilometer', 'kilometer'],
    'km/h': ['één kilometer per uur', 'kilometer per uur'],
    'km/u': ['één kilometer per uur', 'kilometer per uur'],
    m: ['één meter', 'meter'],
    cm: ['één centimeter', 'centimeter'],
    mm: ['één millimeter', 'millimeter'],
    kg: ['één kilo', 'kilo'],
    g: ['één gram', 'gram'],
    l: ['één liter', 'liter'],
    ml: ['één milliliter', 'milliliter'],
    min: ['één minuut', 'minuten'],
  },
  currencies: {
    '€': { whole: ['één euro', 'euro'], hundredth: ['één cent', 'cent'] },
    $: dollar,
    US$: dollar,
    '£': { whole: ['één pond', 'pond'], hundredth: ['één penny', 'pence'] },
    '¥': { whole: ['één yen', 'yen'] },
  },
  money: {
    join: ' ',
    named: false,
    magnitude: 'duizend|miljoen|miljard',
    ofMagnitude: (currency) => currency,
  },
  minus: 'min',
  to: 'tot',
  signs: { '=': 'is', '÷': 'gedeeld door', '&': 'en' },
  fractions: {
    '1/2': 'een half',
    '1/3': 'een derde',
    '2/3': 'twee derde',
    '1/4': 'een kwart',
    '3/4': 'drie kwart',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3])(?::([0-5]\d)(?![\d:])(?:\s?uur\b)?|\.([0-5]\d)\s?uur\b)/g,
    say(hour, minute, suffix) {
      const minutes = Number.isNaN(minute) ? Number(suffix) : minute;
      const said = hour === 1 ? 'één uur' : `${hour} uur`;
      return minutes === 0 ? said : `${said} ${minutes}`;
    },
  },
  peculiar: [
    [
      /(?<![\p{L}\d.,])(\d\d?)(?:e|de|ste)(?!\p{L})/gu,
      (found, number) => ORDINALS[Number(number) - 1] ?? found,
    ],
  ],
};
