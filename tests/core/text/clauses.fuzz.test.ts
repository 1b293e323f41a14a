import { expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import { createClauseSplitter, type Clause } from '../../../core/text/clauses.ts';
import { createRandom } from '../../support/random.ts';
import { randomReply } from '../../support/random-reply.ts';

const RUNS = 3_000;

it(`[TEXT-1] however a reply is cut into deltas, its clauses are the same and tile it (${RUNS} random replies)`, () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = createRandom(seed);
    const reply = randomReply(random);
    const language = languages[seed % languages.length] ?? 'en';
    const cut = (longest: number): Clause[] => {
      const splitter = createClauseSplitter({ language });
      const clauses: Clause[] = [];
      for (let at = 0; at < reply.length;) {
        const length = 1 + random.below(longest);
        clauses.push(...splitter.push(reply.slice(at, at + length)));
        at += length;
      }
      return [...clauses, ...splitter.end()];
    };
    const whole = cut(1);
    expect(cut(reply.length * 2), `seed ${seed}`).toEqual(whole);
    expect(cut(6), `seed ${seed}`).toEqual(whole);
    let end = 0;
    for (const clause of whole) {
      expect(clause.start, `seed ${seed}`).toBe(end);
      expect(clause.text.length, `seed ${seed}`).toBeGreaterThan(0);
      expect(clause.text, `seed ${seed}`).toBe(reply.slice(clause.start, clause.end));
      end = clause.end;
    }
    expect(end, `seed ${seed}`).toBe(reply.length);
  }
});
