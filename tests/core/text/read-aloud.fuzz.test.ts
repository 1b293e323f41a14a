import { expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import { readAloud } from '../../../core/text/reading/read-aloud.ts';
import { speakable } from '../../../core/text/speakable.ts';
import { createRandom } from '../../support/random.ts';
import { randomReply } from '../../support/random-reply.ts';

const RUNS = 400;
/** Pieces that the rules look at, put together without sense. */
const PIECES = (
  '$ € £ ₹ R$ US$ ¥ °C ° % & × ÷ = - – − / : . , 1 2 05 30 1990 1.000 1,000 3,14 5.50 ½ º ª h km m Uhr uur बजे Mr. Sr. ' +
  'M. dhr. डॉ. May Mai maggio No. n.º am in s million millones लाख e er st X é'
)
  .split(' ')
  .concat(' ', ' ', ' ', '\u202f', '\n', 'z. B.');

it(`[TEXT-11] whatever is written, words come of it (${RUNS} random texts in each language)`, () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = createRandom(seed);
    const jumble = Array.from({ length: 1 + random.below(30) }, () => random.pick(PIECES)).join('');
    for (const language of languages) {
      for (const text of [jumble, speakable(randomReply(random), language)]) {
        const read = readAloud(text, language);
        expect(read, `seed ${seed}`).not.toMatch(/undefined|NaN|\[object/);
        if (/[\p{L}\p{N}]/u.test(text)) expect(read, `seed ${seed}`).toMatch(/[\p{L}\p{N}]/u);
      }
    }
  }
});
