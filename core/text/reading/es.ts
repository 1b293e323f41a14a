import type { ReadingRules } from './rules.ts';

/** Hours are feminine. */
const hours: Readonly<Record<number, string>> = { 1: 'una', 21: 'veintiuna' };
const dollar = { whole: ['un dólar', 'dólares'], hundredth: ['un centavo', 'centavos'] } as const;

export const spanish: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'Sr.': 'señor',
    'Sra.': 'señora',
    'Srta.': 'señorita',
    'Dr.': 'doctor',
    'Dra.': 'doctora',
    'Ud.': 'usted',
    'Uds.': 'ustedes',
    'EE. UU.': 'Estados Unidos',
    'EE.UU.': 'Estados Unidos',
    'p. ej.': 'por ejemplo',
    'p.ej.': 'por ejemplo',
    'pág.': 'página',
    'aprox.': 'aproximadamente',
    'a. m.': 'de la mañana',
    'p. m.': 'de la tarde',
  },
  units: {
    '°C': ['un grado', 'grados'],
    km: ['un kilómetro', 'kilómetros'],
    'km/h': ['un kilómetro por hora', 'kilómetros por hora'],
    m: ['un metro', 'metros'],
    cm: ['un centímetro', 'centímetros'],
    mm: ['un milímetro', 'milímetros'],
    kg: ['un kilo', 'kilos'],
    g: ['un gramo', 'gramos'],
    l: ['un litro', 'litros'],
    ml: ['un mililitro', 'mililitros'],
    min: ['un minuto', 'minutos'],
  },
  currencies: {
    '€': { whole: ['un euro', 'euros'], hundredth: ['un céntimo', 'céntimos'] },
    $: dollar,
    US$: dollar,
    '£': { whole: ['una libra', 'libras'], hundredth: ['un penique', 'peniques'] },
    '¥': { whole: ['un yen', 'yenes'] },
  },
  money: {
    join: ' con ',
    named: false,
    magnitude: 'mil|millón|millones',
    ofMagnitude: (currency) => `de ${currency}`,
  },
  minus: 'menos',
  to: 'a',
  signs: { '×': 'por', '÷': 'entre', '&': 'y' },
  fractions: {
    '1/2': 'medio',
    '1/3': 'un tercio',
    '2/3': 'dos tercios',
    '1/4': 'un cuarto',
    '3/4': 'tres cuartos',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?:\s?h(?:oras)?\b)?/g,
    say(hour, minute) {
      const said = hours[hour] ?? String(hour);
      return minute === 0 ? said : `${said} y ${minute}`;
    },
  },
  peculiar: [
    [/(?<=\d)\.(?=[ºª])/g, ''],
    [/(?<![\p{L}\d])(?:1er|1º(?= (?!de\b)\p{L}))(?!\p{L})/gu, 'primer'],
    [/(?<![\p{L}\d])3er(?!\p{L})/gu, 'tercer'],
    [/(?<!\p{L})(?:[Nn]úm\.|[Nn]\.?º) ?(?=\d)/gu, 'número '],
    [/(?<![\d.,])(\d+)\.(\d{1,2})(?!\d|[.,]\d)/g, '$1,$2'],
  ],
};
