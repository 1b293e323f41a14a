import type { ReadingRules } from './rules.ts';

const dollar = { whole: ['un dollar', 'dollars'], hundredth: ['un cent', 'cents'] } as const;

function sayClock(hour: number, minute: number): string {
  const hours = hour < 2 ? 'heure' : 'heures';
  return minute === 0 ? `${hour} ${hours}` : `${hour} ${hours} ${minute}`;
}

export const french: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'p. ex.': 'par exemple',
    'c.-à-d.': "c'est-à-dire",
    'env.': 'environ',
  },
  units: {
    '°C': ['un degré', 'degrés'],
    'km/h': ['un kilomètre par heure', 'kilomètres par heure'],
    min: ['une minute', 'minutes'],
  },
  currencies: {
    '€': { whole: ['un euro', 'euros'], hundredth: ['un centime', 'centimes'] },
    $: dollar,
    US$: dollar,
    '£': { whole: ['une livre', 'livres'], hundredth: ['un penny', 'pence'] },
    '¥': { whole: ['un yen', 'yens'] },
  },
  money: {
    join: ' ',
    named: false,
    magnitude: 'mille|million|millions|milliard|milliards',
    ofMagnitude: (currency) => (/^[aeiou]/.test(currency) ? `d'${currency}` : `de ${currency}`),
  },
  minus: 'moins',
  to: 'à',
  signs: { '=': 'égale', '÷': 'divisé par', '&': 'et' },
  fractions: {
    '1/2': 'un demi',
    '1/3': 'un tiers',
    '2/3': 'deux tiers',
    '1/4': 'un quart',
    '3/4': 'trois quarts',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3])(?: ?h ?|:)([0-5]\d)(?![\d:])/g,
    say: sayClock,
  },
  peculiar: [
    [/(?<![\p{L}\d.])M\. (?=\p{Lu})/gu, 'Monsieur '],
    [/(?<![\p{L}\d.])MM\. (?=\p{Lu})/gu, 'Messieurs '],
    [/(?<![\p{L}\d])([01]?\d|2[0-4]) ?h(?![\p{L}\p{N}]| ?\d)/gu, (_, hour) => sayClock(Number(hour), 0)],
    [/(?<![\p{L}\d])1re(?!\p{L})/gu, 'première'],
    [/(?<![\p{L}\d.,])(\d+)e(?!\p{L})/gu, '$1ème'],
    [/(?<!\p{L})[Nn](?:°|º) ?(?=\d)/gu, 'numéro '],
    [/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, '.'],
  ],
};
