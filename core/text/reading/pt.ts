import type { ReadingRules } from './rules.ts';

/** Hours are feminine. */
const hours: Readonly<Record<number, string>> = {
  1: 'uma',
  2: 'duas',
  21: 'vinte e uma',
  22: 'vinte e duas',
};
const real = { whole: ['um real', 'reais'], hundredth: ['um centavo', 'centavos'] } as const;
const dollar = { whole: ['um dólar', 'dólares'], hundredth: ['um centavo', 'centavos'] } as const;

export const portuguese: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'Sr.': 'senhor',
    'Sra.': 'senhora',
    'Srta.': 'senhorita',
    'Dr.': 'doutor',
    'Dra.': 'doutora',
    'Prof.': 'professor',
    'Profa.': 'professora',
    'Av.': 'avenida',
    'p. ex.': 'por exemplo',
    'pág.': 'página',
    'aprox.': 'aproximadamente',
  },
  units: {
    '°C': ['um grau', 'graus'],
    km: ['um quilômetro', 'quilômetros'],
    'km/h': ['um quilômetro por hora', 'quilômetros por hora'],
    m: ['um metro', 'metros'],
    cm: ['um centímetro', 'centímetros'],
    mm: ['um milímetro', 'milímetros'],
    kg: ['um quilo', 'quilos'],
    g: ['um grama', 'gramas'],
    l: ['um litro', 'litros'],
    ml: ['um mililitro', 'mililitros'],
    min: ['um minuto', 'minutos'],
  },
  currencies: {
    R$: real,
    US$: dollar,
    $: dollar,
    '€': { whole: ['um euro', 'euros'], hundredth: ['um cêntimo', 'cêntimos'] },
    '£': { whole: ['uma libra', 'libras'], hundredth: ['um pêni', 'pence'] },
    '¥': { whole: ['um iene', 'ienes'] },
  },
  money: {
    join: ' e ',
    named: true,
    magnitude: 'mil|milhão|milhões|bilhão|bilhões',
    ofMagnitude: (currency) => `de ${currency}`,
  },
  minus: 'menos',
  to: 'a',
  signs: { '÷': 'dividido por', '&': 'e' },
  fractions: {
    '1/2': 'meio',
    '1/3': 'um terço',
    '2/3': 'dois terços',
    '1/4': 'um quarto',
    '3/4': 'três quartos',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3])(?:h|:)([0-5]\d)(?![\d:])(?:\s?h(?:oras)?\b)?/g,
    say(hour, minute) {
      const said = `${hours[hour] ?? hour} ${hour < 2 ? 'hora' : 'horas'}`;
      return minute === 0 ? said : `${said} e ${minute}`;
    },
  },
  peculiar: [
    [/(?<![\p{L}\d])([01]?\d|2[0-4])h(?![\p{L}\p{N}])/gu, '$1 horas'],
    [/(?<![\d:.,])(1|2|21|22) (?=horas?\b)/g, (_, hour) => `${hours[Number(hour)]} `],
    [/(?<!\p{L})[Nn]\.?º ?(?=\d)/gu, 'número '],
    [/(?<![\d.,])(\d+)\.(\d{1,2})(?!\d|[.,]\d)/g, '$1,$2'],
  ],
};
