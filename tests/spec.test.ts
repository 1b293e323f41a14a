import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const rules = new Set(
  [...readFileSync('tests/SPEC.md', 'utf8').matchAll(/^- ([A-Z]+-\d+) /gm)].map(([, rule]) => rule),
);
const cited = new Set(
  globSync('tests/**/*.{test,spec}.{ts,tsx}').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\[([A-Z]+-\d+)\]/g)].map(([, rule]) => rule),
  ),
);

describe('SPEC.md', () => {
  it('has a test for every rule', () => {
    expect([...rules].filter((rule) => !cited.has(rule))).toEqual([]);
  });

  it('has every rule that a test names', () => {
    expect([...cited].filter((rule) => !rules.has(rule))).toEqual([]);
  });
});
