import { describe, expect, it } from 'vitest';
import { boundByWords, judgeWords } from '../../../core/text/unfinished.ts';

/** By language: turns that cannot end there, turns that are whole, and turns of which the rules know nothing. */
const examples: Record<string, { unfinished: string[]; finished: string[]; open: string[] }> = {
  en: {
    unfinished: [
      'Set a timer for.',
      'Turn on the lights and',
      'I would like to, um',
      'my number is five five five',
      "What's",
      'I think it’s',
      'milk, eggs, and…',
      'tell me the',
      'I want uhhh',
      'twelve plus',
      'so I was thinking,',
      'call 5 5 5 1 2',
      'The',
    ],
    finished: ['Stop.', 'yes', 'No, thanks!', 'wait wait', 'Thank you very much.', 'never mind', 'mm-hmm'],
    open: [
      'What time is it?',
      'what is it for',
      'where are you from',
      'turn it on',
      'the code is one two three four',
      'my number is five five five one two three four',
      'what is two plus two',
      'stop the timer',
      'okay',
      'wake me at 7:30',
    ],
  },
  es: {
    unfinished: [
      'pon un temporizador de',
      'quiero leche y',
      'quiero, ehm',
      'mi número es seis seis',
      'dime la',
    ],
    finished: ['sí', 'para', '¡Muchas gracias!', 'no, gracias'],
    open: ['qué hora es', 'enciende la luz', 'cuánto es dos más dos'],
  },
  fr: {
    unfinished: [
      'allume la lumière et',
      'je voudrais, euh',
      'mets un minuteur de',
      "qu'est-ce que l'",
      'six un',
    ],
    finished: ['oui', 'merci beaucoup', 'Arrête !'],
    open: ['quelle heure est-il', 'allume-la', 'raconte une blague'],
  },
  pt: {
    unfinished: ['ligue a luz e', 'eu queria, hum', 'um temporizador de', 'meu número é nove nove'],
    finished: ['sim', 'obrigada', 'não, obrigado'],
    open: ['que horas são', 'acenda a luz'],
  },
  hi: {
    unfinished: ['मुझे दूध और', 'मेरा नंबर है नौ आठ', 'मैं चाहता हूँ कि', 'उम'],
    finished: ['हाँ', 'नहीं', 'धन्यवाद।', 'जी हाँ'],
    open: ['समय क्या हुआ है', 'बत्ती जलाओ'],
  },
  de: {
    unfinished: [
      'mach das Licht an und',
      'ich möchte, ähm',
      'stell einen Timer für',
      'meine Nummer ist fünf fünf',
    ],
    finished: ['ja', 'Nein, danke.', 'stopp', 'danke schön'],
    open: ['wie spät ist es', 'mach das Licht an', 'was ist das', 'komm mit'],
  },
  nl: {
    unfinished: [
      'doe het licht aan en',
      'ik wil graag, eh',
      'zet een wekker van',
      'mijn nummer is vijf vijf',
    ],
    finished: ['ja', 'dank je wel', 'nee, bedankt'],
    open: ['hoe laat is het', 'doe het licht aan', 'ga je gang maar'],
  },
  it: {
    unfinished: ['accendi la luce e', 'vorrei, ehm', 'imposta un timer di', 'il mio numero è tre tre', "l'"],
    finished: ['sì', 'grazie mille', 'no, grazie'],
    open: ['che ore sono', 'accendi la luce', 'raccontami una storia'],
  },
};

const cases = (verdict: 'unfinished' | 'finished' | 'open') =>
  Object.entries(examples).flatMap(([language, texts]) =>
    texts[verdict].map((text) => [language, text] as const),
  );

describe('what words say of the end of a turn', () => {
  it.each(cases('unfinished'))('%s: nobody ends with “%s”', (language, text) => {
    expect(judgeWords(text, language)).toBe('unfinished');
  });

  it.each(cases('finished'))('%s: “%s” is a whole turn', (language, text) => {
    expect(judgeWords(text, language)).toBe('finished');
  });

  it.each(cases('open'))('%s: “%s” may end or go on', (language, text) => {
    expect(judgeWords(text, language)).toBe('open');
  });

  it('knows sounds and marks in any language, and words in its own only', () => {
    expect(judgeWords('jag vill, hmm', 'sv')).toBe('unfinished');
    expect(judgeWords('jag vill ha …', 'sv')).toBe('unfinished');
    expect(judgeWords('turn on the', 'sv')).toBe('open');
    expect(judgeWords('die', 'en')).toBe('open');
  });

  it('says nothing of what has no words', () => {
    for (const text of ['', ' ', '...', '!?', '🎉']) expect(judgeWords(text, 'en')).toBe('open');
  });

  it('bounds a probability from above and from below, and leaves what fits', () => {
    expect(boundByWords(0.8, 'and', 'en')).toBe(0.1);
    expect(boundByWords(0.02, 'and', 'en')).toBe(0.02);
    expect(boundByWords(0.3, 'stop', 'en')).toBe(0.9);
    expect(boundByWords(0.99, 'stop', 'en')).toBe(0.99);
    expect(boundByWords(0.3, 'tell me a joke', 'en')).toBe(0.3);
  });
});
