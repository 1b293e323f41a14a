import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCatalog, variantBytes } from '../../core/models/catalog.ts';
import { knownFiles, parseListing } from '../../core/models/listing.ts';
import type { Listing } from '../../core/models/listing.ts';
import { describeListing } from '../../tools/models/describe.ts';
import { readLock } from '../../tools/models/lock.ts';
import { ownWorkspace } from '../../tools/models/workspace.ts';
import { catalogueSchema } from '../../tools/write-catalog.ts';

const text = readFileSync('public/models/catalog.json', 'utf8');
const written = parseListing(JSON.parse(text));

/** The catalogue with one change to its first variant. */
function changed(change: (variant: Listing['models'][number]['variants'][number]) => unknown): unknown {
  const copy = structuredClone(written);
  change(copy.models[0]!.variants[0]!);
  return copy;
}

describe('the catalogue', () => {
  it('is what list, lock and files say: run `npm run catalog` where it is not', async () => {
    const lock = await readLock(ownWorkspace.lockFile);
    expect(written).toEqual(await describeListing({ ...ownWorkspace, lock }));
  });

  it('has the schema that editors read', () => {
    const schema: unknown = JSON.parse(readFileSync('public/models/catalog.schema.json', 'utf8'));
    expect(schema).toEqual(catalogueSchema());
  });

  it('names each model once, and for every stage one of which all files are known', () => {
    const names = written.models.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    const known = parseCatalog(JSON.parse(text)).models.filter(({ variants }) =>
      variants.some(({ files }) => files !== null),
    );
    expect(known.slice(0, 4).flatMap(({ stages }) => stages)).toEqual([
      'stt',
      'llm',
      'turn-audio',
      'turn-text',
    ]);
  });

  it('knows nothing of what was never pulled', async () => {
    const { repositories } = await readLock(ownWorkspace.lockFile);
    const others = written.models.filter(({ id, source }) => source !== null && !(id in repositories));
    for (const { source, variants } of others) {
      expect(source?.revision).toBeNull();
      for (const { files, served } of variants)
        expect([served, files.every(({ sha256, bytes }) => sha256 === null && bytes === null)]).toEqual([
          false,
          true,
        ]);
    }
  });

  it.each([
    ['nothing', undefined],
    ['another version', { version: 1, models: [] }],
    ['a path that leads out', { version: 2, models: [{ id: '../secrets' }] }],
    ['a size without a hash', changed(({ files }) => Object.assign(files[0]!, { sha256: null }))],
    ['a pattern with a hash', changed(({ files }) => Object.assign(files[0]!, { path: '*.json' }))],
  ])('refuses %s in words', (_name, json) => {
    expect(() => parseCatalog(json)).toThrow(/catalogue cannot be read/);
  });
});

describe('what the page knows of a variant', () => {
  const first = (json: unknown) => parseCatalog(json).models[0]!.variants[0]!;

  it('[MODEL-1] is no file at all where the hash of one is unknown: nothing of it is loaded', () => {
    const unknown = { path: 'config.json', bytes: null, sha256: null };
    expect(first(changed(({ files }) => files.splice(0, 1, unknown))).files).toBeNull();
    expect(first(changed(() => undefined)).files).toEqual(knownFiles(written.models[0]!.variants[0]!.files));
  });

  it('is neither where the program of WebLLM is unknown', () => {
    const file = { path: 'program.wasm', bytes: null, sha256: null };
    const library = { repository: 'a/b', revision: null, file };
    expect(first(changed((variant) => Object.assign(variant, { library }))).files).toBeNull();
  });

  it('is what all of it weighs', () => {
    const { files } = written.models[0]!.variants[0]!;
    const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
    expect(variantBytes(first(changed(() => undefined)))).toBe(bytes);
    const file = { path: 'program.wasm', bytes: 1000, sha256: '0'.repeat(64) };
    const library = { repository: 'a/b', revision: null, file };
    expect(variantBytes(first(changed((variant) => Object.assign(variant, { library }))))).toBe(bytes + 1000);
  });
});

describe('the list', () => {
  it('has profiles of models that exist', () => {
    const known = ownWorkspace.list.map(({ id }) => id);
    for (const models of Object.values(ownWorkspace.profiles))
      expect(models.filter((id) => !known.includes(id))).toEqual([]);
  });
});
