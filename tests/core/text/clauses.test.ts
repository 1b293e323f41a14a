import { describe, expect, it } from 'vitest';
import type { Language } from '../../../core/settings/settings.ts';
import { createClauseSplitter, type Clause } from '../../../core/text/clauses.ts';

/** The clauses of a reply that arrives one character at a time. */
function split(reply: string, language: Language = 'en'): Clause[] {
  const splitter = createClauseSplitter({ language });
  return [...Array.from(reply).flatMap((char) => splitter.push(char)), ...splitter.end()];
}

const texts = (reply: string, language: Language = 'en') => split(reply, language).map(({ text }) => text);
const speeches = (reply: string) => split(reply).map(({ speech }) => speech);

describe('the first clause', () => {
  it('[TEXT-2] ends with the first sentence', () => {
    expect(texts('Hello! How can I help?')).toEqual(['Hello! ', 'How can I help?']);
  });

  it('[TEXT-2] ends at a comma, colon, semicolon or dash once it is long enough', () => {
    const rest = 'because nobody has connected any lights.';
    for (const mark of [', ', ': ', '; ', ' – ', ' - ', '—']) {
      const first = `I can not turn on the lights yet${mark}`;
      expect(texts(first + rest)).toEqual([first, rest]);
    }
    expect(texts('Okay, your timer is set for five minutes.')).toHaveLength(1);
  });

  it('[TEXT-2] is not cut shortly before the sentence ends anyway', () => {
    expect(texts('It is very nice to meet you, Anna.')).toHaveLength(1);
  });

  it('[TEXT-2] is not cut within numbers and dates', () => {
    expect(texts('Today is Friday, November 20, 2026.')).toHaveLength(1);
    expect(texts('The town in the valley has 1,000 people.')).toHaveLength(1);
    expect(texts('The result of all that is 5 - 3 and so on.')).toHaveLength(1);
  });

  it('[TEXT-2] is cut between words where no mark comes', () => {
    const reply =
      'Once there was a small house at the edge of a great forest and nobody knew who lived there at all';
    const [first, ...rest] = texts(reply);
    expect(first).toBe('Once there was a small house at the edge of a great forest ');
    expect(rest).toHaveLength(1);
  });

  it('[TEXT-2] is the first that says something, whatever was shown before it', () => {
    const reply = '```\ncode\n```\nI can not turn on the lights yet, because nobody has connected any.';
    expect(texts(reply)[1]).toBe('I can not turn on the lights yet, ');
  });

  it('comes before the rest of the reply is there', () => {
    const splitter = createClauseSplitter();
    expect(splitter.push('Hello! Ho')).toMatchObject([
      { text: 'Hello! ', speech: 'Hello!', start: 0, end: 7 },
    ]);
  });
});

describe('later clauses', () => {
  it('[TEXT-3] are whole sentences', () => {
    const sentence = 'The second one is long, has commas: many of them, and still it is one clause. ';
    expect(texts(`Yes. ${sentence}Good.`)).toEqual(['Yes. ', sentence, 'Good.']);
  });

  it('[TEXT-3] are cut at the best punctuation when they grow too long', () => {
    const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
    const best = `${words(20)}, ${words(10)}; `;
    expect(texts(`Yes! ${best}${words(10)}, ${words(30)}.`)[1]).toBe(best);
    const comma = `${words(20)}, `;
    expect(texts(`Yes! ${comma}${words(40)}.`)[1]).toBe(comma);
    for (const text of texts(`Yes! ${words(400)}`)) expect(text.length).toBeLessThanOrEqual(241);
  });

  it('[TEXT-3] never grow without end where no space comes, and keep characters whole', () => {
    const clauses = texts(`Yes. ${'👩‍🚀'.repeat(1000)}`);
    expect(Math.max(...clauses.map((text) => text.length))).toBeLessThanOrEqual(960);
    for (const text of clauses.slice(1)) expect(text.length % 5).toBe(0);
  });

  it('[TEXT-4] end with every line', () => {
    expect(texts('# Shopping\n\n- milk\n- two eggs\n1. Go.\n')).toEqual([
      '# Shopping\n\n',
      '- milk\n',
      '- two eggs\n',
      '1. Go.\n',
    ]);
  });
});

describe('a sentence does not end', () => {
  it.each([
    ['in a number', 'It costs 3.5 euros and 1,000.50 more'],
    ['in a time', 'It starts at 10:30 tonight or at 9.15 sharp'],
    ['after a title', 'Ask Dr. Smith or Mrs. Jones'],
    ['after an initial', 'It is by J. R. Miller'],
    ['in an abbreviation', 'Bring fruit, e.g. Apples, from the U.S. Army'],
    ['before a small letter', 'We meet at 5 p.m. tomorrow or so... maybe'],
    ['after a number sign', 'Take bus No. 5 there'],
    ['in an address', 'Go to example.com/a.b?c=d.e!f now'],
    ['after a quotation that the sentence goes round', '"Really?" she asked'],
    ['after the number of a list item', '1. Open the door'],
  ])('[TEXT-5] %s', (_, reply) => {
    expect(texts(`Well. ${'\n'}${reply}. Next.`).slice(1)).toEqual([`${reply}. `, 'Next.']);
  });

  it('[TEXT-5] in a German date or abbreviation', () => {
    expect(
      texts('Es ist der 20. November. Das gilt z. B. Montag. Es sind 20. Danach gehen wir.', 'de'),
    ).toEqual(['Es ist der 20. November. ', 'Das gilt z. B. Montag. ', 'Es sind 20. ', 'Danach gehen wir.']);
  });

  it('[TEXT-5] in a decimal that arrives in pieces', () => {
    const splitter = createClauseSplitter();
    const early = ['It', ' is', ' 3', '.', '5', ' now', '.'].flatMap((token) => splitter.push(token));
    expect(early).toEqual([]);
    expect(splitter.end().map(({ text }) => text)).toEqual(['It is 3.5 now.']);
  });
});

describe('a sentence ends', () => {
  it('[TEXT-5] after ellipses, doubled marks and a time of day before a capital', () => {
    expect(texts('Well... Yes?! At 5 p.m. We go… So am I. Good.')).toEqual([
      'Well... ',
      'Yes?! ',
      'At 5 p.m. ',
      'We go… ',
      'So am I. ',
      'Good.',
    ]);
  });

  it('[TEXT-5] with the quotes and brackets that close after it', () => {
    expect(texts('He said "No." (Really.) **Yes.** Good.')).toEqual([
      'He said "No." ',
      '(Really.) ',
      '**Yes.** ',
      'Good.',
    ]);
    expect(texts('Il dit : « Oui. » Bien.', 'fr')).toEqual(['Il dit : « Oui. » ', 'Bien.']);
  });

  it('[TEXT-5] with a danda, spaced or not', () => {
    expect(texts('मौसम अच्छा है। ठीक है।हाँ।', 'hi')).toEqual(['मौसम अच्छा है। ', 'ठीक है।', 'हाँ।']);
  });

  it('[TEXT-5] before Spanish opening marks', () => {
    expect(texts('Hola. ¿Qué tal? ¡Bien! ¿y tú?', 'es')).toEqual([
      'Hola. ',
      '¿Qué tal? ',
      '¡Bien! ',
      '¿y tú?',
    ]);
  });
});

describe('code', () => {
  it('[TEXT-6] in a fence is one clause that says nothing', () => {
    const fence = '```js\nconst a = 1. Hello. World!\n\nnext();\n```\n';
    expect(split(`Look:\n${fence}Done.`)).toMatchObject([
      { text: 'Look:\n', speech: 'Look:' },
      { text: fence, speech: '' },
      { text: 'Done.', speech: 'Done.' },
    ]);
  });

  it.each([
    ['opened in the middle of a line', 'Look:```js\na. b\n```\nDone.'],
    ['opened after a full stop', 'Look.```\na. b\n```\nDone.'],
    ['closed at the end of a line of code', 'Look:\n```js\na. b```\nDone.'],
    ['of tildes, holding backticks', 'Look:\n~~~\n```\na. b\n```\n~~~\nDone.'],
    ['in a quotation', 'Look:\n> ```\n> a. b\n> ```\nDone.'],
    ['of tildes in a quotation', 'Look:\n> ~~~\n> a. b\n> ~~~\nDone.'],
  ])('[TEXT-6] is not spoken in a fence %s', (_, reply) => {
    const said = speeches(reply).filter((speech) => speech !== '');
    expect(said.map((speech) => speech.replace(/\W/g, ''))).toEqual(['Look', 'Done']);
  });

  it('[TEXT-6] in a fence that is never closed is not spoken', () => {
    expect(speeches('Look:\n```\nAll. The. Rest.\n``')).toEqual(['Look:', '']);
  });

  it('[TEXT-6] within a line is spoken as words', () => {
    expect(speeches('Use ```npm start``` or `go_now`. Good.')).toEqual(['Use npm start or go now.', 'Good.']);
  });
});

describe('odd input', () => {
  it('an empty reply has no clauses, one of white space says nothing', () => {
    expect(split('')).toEqual([]);
    expect(split(' \n ')).toEqual([{ text: ' \n ', speech: '', start: 0, end: 3 }]);
  });

  it('keeps an emoji whole when its halves arrive apart', () => {
    const splitter = createClauseSplitter();
    const clauses = ['Good. \ud83d', '\ude00 Yes.'].flatMap((delta) => splitter.push(delta));
    expect([...clauses, ...splitter.end()].map(({ text }) => text)).toEqual(['Good. ', '😀 Yes.']);
  });

  it('[TEXT-3] a reply of 10,000 tokens is cut, spaced or not', () => {
    for (const token of [' word', 'word', '\n', '`', '``` a', ' 3.']) {
      expect(texts(token.repeat(10_000)).join('')).toBe(token.repeat(10_000));
    }
  });
});
