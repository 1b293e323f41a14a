import type { ReadingRules } from './rules.ts';

const MONTHS =
  'gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre';
const dollar = { whole: ['un dollaro', 'dollari'], hundredth: ['un centesimo', 'centesimi'] } as const;

export const italian: ReadingRules = {
  decimal: ',',
  abbreviations: {
    'Sig.': 'signor',
    'Sig.ra': 'signora',
    'Sig.na': 'signorina',
    'Dott.': 'dottor',
    'Dott.ssa': 'dottoressa',
    'Dr.': 'dottor',
    'Prof.': 'professor',
    'Prof.ssa': 'professoressa',
    'ecc.': 'eccetera',
    'p.es.': 'per esempio',
    'p. es.': 'per esempio',
    'ad es.': 'ad esempio',
    'pag.': 'pagina',
    'ca.': 'circa',
  },
  units: {
    '°C': ['un grado', 'gradi'],
    km: ['un chilometro', 'chilometri'],
    'km/h': ['un chilometro orario', 'chilometri orari'],
    m: ['un metro', 'metri'],
    cm: ['un centimetro', 'centimetri'],
    mm: ['un millimetro', 'millimetri'],
    kg: ['un chilo', 'chili'],
    g: ['un grammo', 'grammi'],
    l: ['un litro', 'litri'],
    ml: ['un millilitro', 'millilitri'],
    min: ['un minuto', 'minuti'],
  },
  currencies: {
    '€': { whole: ['un euro', 'euro'], hundredth: ['un centesimo', 'centesimi'] },
    $: dollar,
    US$: dollar,
    '£': { whole: ['una sterlina', 'sterline'], hundredth: ['un penny', 'pence'] },
    '¥': { whole: ['uno yen', 'yen'] },
  },
  money: {
    join: ' e ',
    named: true,
    magnitude: 'mila|milione|milioni|miliardo|miliardi',
    ofMagnitude: (currency) => `di ${currency}`,
  },
  minus: 'meno',
  to: 'a',
  signs: { '×': 'per', '÷': 'diviso', '&': 'e' },
  fractions: {
    '1/2': 'mezzo',
    '1/3': 'un terzo',
    '2/3': 'due terzi',
    '1/4': 'un quarto',
    '3/4': 'tre quarti',
  },
  clock: {
    pattern: /(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])/g,
    say(hour, minute) {
      const said = hour === 1 ? 'una' : String(hour);
      return minute === 0 ? said : `${said} e ${minute}`;
    },
  },
  peculiar: [
    [/(?<=\d)°(?= (?:piano|posto|capitolo|secolo|giorno|anno|livello))/g, 'º'],
    [/(?<=\b(?:alle|dalle|le|ore) )([01]?\d|2[0-3])\.([0-5]\d)(?!\d)/g, '$1:$2'],
    [new RegExp(String.raw`(?<!\d)1° (?=${MONTHS})`, 'g'), 'primo '],
    [/(?<!\p{L})[Nn]\. ?(?=\d)/gu, 'numero '],
    [/(?<![\d.,])(\d+)\.(\d{1,2})(?!\d|[.,]\d)/g, '$1,$2'],
  ],
};
