import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import { speakable } from '../../../core/text/speakable.ts';
import { estimateSpeechMs, heardText } from '../../../core/turn/heard.ts';
import { createRandom } from '../../support/random.ts';
import { randomReply } from '../../support/random-reply.ts';

const plain = { text: 'one two six ten. ', speech: 'one two six ten.' };

describe('what was heard of a clause', () => {
  it('[TEXT-10] is nothing before it sounds and all of it once it has sounded', () => {
    expect(heardText(plain, 0, 1600)).toBe('');
    expect(heardText(plain, -1, 1600)).toBe('');
    expect(heardText(plain, Number.NaN, 1600)).toBe('');
    expect(heardText(plain, 1600, 1600)).toBe(plain.text);
    expect(heardText(plain, 99_999, 1600)).toBe(plain.text);
  });

  it('[TEXT-10] ends with the last word of which at least half was played', () => {
    expect(heardText(plain, 140, 1600)).toBe('');
    expect(heardText(plain, 150, 1600)).toBe('one');
    expect(heardText(plain, 540, 1600)).toBe('one');
    expect(heardText(plain, 550, 1600)).toBe('one two');
    expect(heardText(plain, 1500, 1600)).toBe('one two six ten.');
  });

  it('[TEXT-10] is cut in the text as written, where marks and addresses are not spoken', () => {
    const text = 'The **answer** (see https://a.b/c) is `84`, I think. ';
    const clause = { text, speech: speakable(text, 'en') };
    expect(clause.speech).toBe('The answer (see) is 84, I think.');
    expect(heardText(clause, 500, 2000)).toBe('The **answer**');
    expect(heardText(clause, 1000, 2000)).toBe('The **answer** (see https://a.b/c) is');
    expect(heardText(clause, 1300, 2000)).toBe('The **answer** (see https://a.b/c) is `84`,');
  });

  it('[TEXT-10] counts a digit as the several letters it is spoken with', () => {
    const clause = { text: 'It was 2026 then', speech: 'It was 2026 then' };
    expect(heardText(clause, 1000, 2000)).toBe('It was');
    expect(heardText(clause, 1200, 2000)).toBe('It was 2026');
  });

  it('[TEXT-10] is estimated from the speaking rate while the duration is not known', () => {
    const lengthMs = estimateSpeechMs(plain.speech, 1);
    expect(lengthMs).toBeCloseTo((16 / 15.5) * 1000);
    expect(heardText(plain, lengthMs * 0.4, undefined)).toBe('one two');
    expect(heardText(plain, lengthMs * 0.45, undefined, 2)).toBe('one two six ten.');
  });

  it('[TEXT-10] is a beginning of the text that grows with time and never splits a character', () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = createRandom(seed);
      const text = randomReply(random).toWellFormed();
      const clause = { text, speech: speakable(text, languages[seed % languages.length] ?? 'en') };
      let before = '';
      for (let playedMs = 0; playedMs <= 1000; playedMs += 100) {
        const heard = heardText(clause, playedMs, 1000);
        expect(text.startsWith(heard) && heard.startsWith(before), `seed ${seed}`).toBe(true);
        expect(heard.isWellFormed(), `seed ${seed}`).toBe(true);
        before = heard;
      }
      expect(before, `seed ${seed}`).toBe(text);
    }
  });
});
