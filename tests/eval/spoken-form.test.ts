import { describe, expect, it } from 'vitest';
import { spokenForm, wordAgreement, wordErrors } from '../support/spoken-form.ts';

describe('the spoken form', () => {
  it.each([
    ["It's 3:42 PM.", "it's three forty two p m"],
    ['It is 8:05 a.m. now', 'it is eight zero five a m now'],
    ['I am Parley.', 'i am parley'],
    ['12 times 7 is 84.', 'twelve times seven is eighty four'],
    ['That makes 1,250.5', 'that makes one thousand two hundred fifty point five'],
    ['25% of 80', 'twenty five percent of eighty'],
    ['Friday, November 20, 2026', 'friday november twenty two thousand twenty six'],
  ])('of "%s" is "%s"', (written, spoken) => {
    expect(spokenForm(written)).toBe(spoken);
  });

  it('counts word errors, and agreement as the share of words that came through', () => {
    expect(wordErrors(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toBe(2);
    expect(wordErrors([], ['a'])).toBe(1);
    expect(wordAgreement('One two three four.', 'one two free four')).toBe(0.75);
  });
});
