import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../core/models/catalog.ts';
import { describeStarterModels } from '../../tools/write-catalog.ts';

const written = JSON.parse(readFileSync('public/models/catalog.json', 'utf8')) as unknown;

describe('the catalogue', () => {
  it('names the starter models with the sizes and hashes of the files that are there', async () => {
    expect(parseCatalog(written)).toEqual(await describeStarterModels('public/models'));
  });

  it.each([
    ['nothing', undefined],
    ['another version', { version: 2, models: [] }],
    ['a path that leads out', { version: 1, models: [{ id: '../secrets' }] }],
  ])('refuses %s in words', (_name, json) => {
    expect(() => parseCatalog(json)).toThrow(/catalogue cannot be read/);
  });
});
