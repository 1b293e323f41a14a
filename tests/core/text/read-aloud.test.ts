import { describe, expect, it } from 'vitest';
import { readAloud } from '../../../core/text/reading/read-aloud.ts';
import { languages, type Language } from '../../../core/settings/settings.ts';

const readings: Record<Language, Record<string, string>> = {
  en: {
    'It costs $5.50, or £3.99.': 'It costs 5 dollars and 50 cents, or 3 pounds and 99 pence.',
    '$1, $0.05, 5 €, €20': '1 dollar, 5 cents, 5 euros, 20 euros',
    'That is $3 million, or $1,234.': 'That is 3 million dollars, or 1,234 dollars.',
    'At 7:30, 7:00, 12:05, 7:00 p.m. and 13:00.': "At 7 30, 7 o'clock, 12 oh 5, 7 p.m. and 13 hundred.",
    'Mr. Smith and Dr. Who vs. St. John on 5th St. today':
      'Mister Smith and Doctor Who versus Saint John on 5th Street today',
    '10-20 people at -5 °C with 1/2 cup': '10 to 20 people at minus 5 degrees Celsius with one half cup',
    'Born in 1990, in 2005, in 1905, in the 1980s.': 'Born in 19 90, in 2005, in 19 oh 5, in the 19 80s.',
    'May 5, 2024 and March 3.': 'May 5th, 20 24 and March 3rd.',
    '5 m of rope, 10m users, 5G, $5M, $1,299.99':
      '5 meters of rope, 10m users, 5G, $5M, 1,299 dollars and 99 cents',
    '5 km at 100 km/h, 1 mi': '5 kilometers at 100 kilometers per hour, 1 mile',
  },
  es: {
    '5,50 €, 1 €, $5': '5 euros con 50, un euro, 5 dólares',
    'Son 3 millones €.': 'Son 3 millones de euros.',
    'A las 7:30, a la 1:00 h': 'A las 7 y 30, a la una',
    'Sr. López, EE. UU., p. ej. esto': 'señor López, Estados Unidos, por ejemplo esto',
    '1.º de mayo, 3er piso, núm. 5': '1º de mayo, tercer piso, número 5',
    '-5 °C, 10-20, 5 × 3': 'menos 5 grados, 10 a 20, 5 por 3',
  },
  fr: {
    '5,50 €, 1 €, 3 millions €': "5 euros 50, un euro, 3 millions d'euros",
    'à 7h30, 13:05 ou 1h.': 'à 7 heures 30, 13 heures 5 ou 1 heure.',
    '1re, 2e, 21e étage': 'première, 2ème, 21ème étage',
    'M. Dupont, n° 5, plan M.': 'Monsieur Dupont, numéro 5, plan M.',
    '-5 °C, 5 + 3 = 8': 'moins 5 degrés, 5 + 3 égale 8',
  },
  pt: {
    'R$ 5,50, R$1, US$ 5, R$ 3 milhões': '5 reais e 50 centavos, um real, 5 dólares, 3 milhões de reais',
    'R$ 1.234,56 em 192.168.1.10': '1.234 reais e 56 centavos em 192.168.1.10',
    'Às 7h30, 1:00, em 2 horas, às 9h.': 'Às 7 horas e 30, uma hora, em duas horas, às 9 horas.',
    'Sr. Silva, Av. Paulista, n.º 5': 'senhor Silva, avenida Paulista, número 5',
    '10-20, 6 ÷ 2': '10 a 20, 6 dividido por 2',
  },
  it: {
    '5,50 €, 1 €': '5 euro e 50 centesimi, un euro',
    'alle 7.30 sono 3.14, il 12.05.2024': 'alle 7 e 30 sono 3,14, il 12.05.2024',
    'alle 13:05, ecc.': 'alle 13 e 5, eccetera.',
    'Sig.ra Rossi, 1° maggio, 20°, n. 5': 'signora Rossi, primo maggio, 20°, numero 5',
    'Il 2° piano': 'Il 2º piano',
    'A & B, 5 × 3': 'A e B, 5 per 3',
  },
  de: {
    '5,50 €, 3 Mio. €': '5 Euro 50, 3 Millionen Euro',
    'Um 7:30 Uhr, 7.30 Uhr, 1:00': 'Um 7 Uhr 30, 7 Uhr 30, ein Uhr',
    'Am 3. Mai, der 21. Juni, 1. Januar': 'Am dritten Mai, der einundzwanzigste Juni, erster Januar',
    'z. B. Dr. Who usw.': 'zum Beispiel Doktor Who und so weiter.',
    'im Jahr 1990': 'im Jahr 19 hundert 90',
  },
  nl: {
    '€ 5,50 om 7.30 uur': '5 euro 50 om 7 uur 30',
    '1e, 2de, 21ste': 'eerste, tweede, eenentwintigste',
    'Dhr. Jansen, bijv. dit': 'De heer Jansen, bijvoorbeeld dit',
    '5 + 3 = 8': '5 + 3 is 8',
  },
  hi: {
    '₹5.50, ₹1, ₹3 लाख': '5 रुपये 50 पैसे, एक रुपया, 3 लाख रुपये',
    '7:30 बजे, 7:00': '7 बजकर 30 मिनट, 7 बजे',
    'डॉ. शर्मा, 5 किमी, 20°C, -5': 'डॉक्टर शर्मा, 5 किलोमीटर, 20 डिग्री, माइनस 5',
  },
};

describe('What the voice reads aloud', () => {
  for (const language of languages) {
    it.each(Object.entries(readings[language]))(`[TEXT-11] ${language}: %s`, (written, said) => {
      expect(readAloud(written, language)).toBe(said);
    });
  }

  it('[TEXT-11] is the text itself where there is nothing to put in words', () => {
    const plain = [
      'Nothing to see here: it was 35, or 12 of them!',
      'Call 555-1234 on 2024-05-03; the ratio is 16:9.',
      'Él dijo “hola” (y se fue).',
      "L'été, c'est bien ; n'est-ce pas ?",
      'नमस्ते, आप कैसे हैं?',
      'Straße, Übung und 5 Äpfel.',
      '',
    ];
    for (const text of plain) for (const language of languages) expect(readAloud(text, language)).toBe(text);
  });

  it('[TEXT-11] does not take words for signs', () => {
    expect(readAloud('A kg of mm and a $ or an x/y', 'en')).toBe('A kg of mm and a $ or an x/y');
    expect(readAloud('la vitamina D. Es buena', 'es')).toBe('la vitamina D. Es buena');
    expect(readAloud('Madrid. 5 personas', 'es')).toBe('Madrid. 5 personas');
  });

  it('[TEXT-11] takes a long text without end in its stride', () => {
    const long = '1.'.repeat(3_000) + ' $'.repeat(1_000) + '7:'.repeat(1_000);
    for (const language of languages) expect(readAloud(long, language).length).toBeGreaterThan(1_000);
  });
});
