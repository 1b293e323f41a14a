import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import { speakable } from '../../../core/text/speakable.ts';
import { createRandom } from '../../support/random.ts';
import { randomReply } from '../../support/random-reply.ts';

const said = (text: string) => speakable(text, 'en');

describe('plain text', () => {
  it.each([
    "It's 3:42 PM, isn't it?",
    'Twelve and a half (12.5) is 50% of 25; well… yes – no — maybe!',
    '¿Qué tal? ¡Muy bien, señor Núñez!',
    'Ça va ? « Oui », dit-il : c’est l’été.',
    'Não, amanhã às 10h.',
    'आज मौसम अच्छा है। क्ष‍त्रिय, हिन्दी, बाज़ार: क्या आप चलेंगे?',
    'Größe, „schön“, z. B. am 20. November.',
    "Zo'n één cafeïne, 's avonds.",
    'Perché no? È così.',
  ])('[TEXT-7] is unchanged: %s', (text) => {
    for (const language of languages) expect(speakable(text, language)).toBe(text);
  });
});

describe('Markdown', () => {
  it.each([
    ['# The **big** _plan_ #', 'The big plan'],
    ['***Very*** ~~bad~~ __good__', 'Very bad good'],
    ['- [x] buy *milk*', 'buy milk'],
    ['> > He said', 'He said'],
    ['1. Open the door', '1. Open the door'],
    ['| Day | Sun |', 'Day, Sun'],
    ['|---|:--:|', ''],
    ['---', ''],
    ['Use `get_time()` here', 'Use get time() here'],
    ['See [the docs](https://x.y/z_(w) "Title") now', 'See the docs now'],
    ['See [the docs][ref] ![a cat](cat.png)', 'See the docs a cat'],
    ['the docs](https://x.y/z_(w)).', 'the docs.'],
    ['So it is[^1], they say[2].', 'So it is, they say.'],
    ['[^1]: A note', 'A note'],
    ['\\*not bold\\*', 'not bold'],
    ['snake_case and __init__', 'snake case and init'],
  ])('[TEXT-8] %j is read as %j', (text, speech) => {
    expect(said(text)).toBe(speech);
  });

  it('[TEXT-8] of several lines is read with pauses', () => {
    const text = '# List\n\n- milk\n- eggs!\n\nThat is\nall\n\n| a | b |\n|---|---|\n| 1 | 2 |';
    expect(said(text)).toBe('List. milk. eggs! That is all. a, b. 1, 2');
  });

  it('[TEXT-6] code fences are left out, the text around them stays', () => {
    expect(said('Look:\n```js\nalert("x")\n```\nDone. ```a```')).toBe('Look: Done. a');
    expect(said('Look:\n~~~\nnever closed')).toBe('Look:');
  });
});

describe('what a voice cannot say', () => {
  it.each([
    ['See https://example.com/a?b=c. Or (http://x.y) www.foo.org/bar!', 'See. Or!'],
    ['<https://a.b> Write to mailto:bob@example.com', 'Write to bob@example.com'],
    ['What is HTTP or https?', 'What is H T T P or H T T P S?'],
    ['Great 😀👍🏽! 👩‍👩‍👧 and 🇩🇪 1️⃣ ❤️', 'Great! and 1'],
    ['Good :) and ;-) I <3 it :D', 'Good and I it'],
    ['<b onclick="x">Hi</b><br>there<!-- no --> <script>', 'Hi there'],
    ['Tom &amp; Anna&nbsp;here', 'Tom & Anna here'],
    ['What?????? No!!!! Hm..... Yes,, ok', 'What? No! Hm... Yes, ok'],
    ['😀', ''],
    ['***', ''],
    ['…', ''],
    ['', ''],
  ])('[TEXT-9] %j is read as %j', (text, speech) => {
    expect(said(text)).toBe(speech);
  });

  it('[TEXT-9] signs that stand for themselves become words of the language', () => {
    expect(said('12 * 7 is 84, (2)*3 < 10 and 5>4, #5')).toBe(
      '12 times 7 is 84, (2) times 3 less than 10 and 5 greater than 4, number 5',
    );
    expect(speakable('12 * 7', 'de')).toBe('12 mal 7');
    expect(speakable('12 * 7', 'hi')).toBe('12 गुणा 7');
  });
});

it('[TEXT-9] no markup, address or emoji is left of 5,000 random replies', () => {
  for (let seed = 1; seed <= 5_000; seed++) {
    const text = randomReply(createRandom(seed));
    const speech = speakable(text, languages[seed % languages.length] ?? 'en');
    const problem = /[`*_#|<>]|http|\p{Extended_Pictographic}|\p{RI}|\p{EMod}|\s{2}|\p{Cc}/iu.exec(speech);
    expect(problem?.[0], `seed ${seed}: ${JSON.stringify(text)}`).toBeUndefined();
  }
});

it('[TEXT-9] thousands of unclosed marks are read in good time', () => {
  for (const mark of ['[', '(', '<', '<!--', '*', '_', '`', '&', ' ', '\u0001', '[a](', '> ', '😀 ', '| ']) {
    expect(said(mark.repeat(5_000))).not.toContain('<');
  }
});
