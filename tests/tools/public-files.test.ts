import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseListing } from '../../core/models/listing.ts';
import { copyPublic, correctCatalogue } from '../../tools/public-files.ts';
import { CHAT, createFilledKit, OWN } from '../support/model-workspace.ts';

const root = mkdtempSync(join(tmpdir(), 'parley-public-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('a build', () => {
  it('carries icons, catalogue and starter models, and leaves pulled models where they are', async () => {
    for (const file of [
      'icon.svg',
      'models/catalog.json',
      'models/starter/chat/config.json',
      'models/big/config.json',
    ]) {
      mkdirSync(join(root, 'public', dirname(file)), { recursive: true });
      writeFileSync(join(root, 'public', file), file);
    }
    await copyPublic(join(root, 'public'), join(root, 'dist'));
    expect(readFileSync(join(root, 'dist/icon.svg'), 'utf8')).toBe('icon.svg');
    expect(existsSync(join(root, 'dist/models/catalog.json'))).toBe(true);
    expect(existsSync(join(root, 'dist/models/starter/chat/config.json'))).toBe(true);
    expect(existsSync(join(root, 'dist/models/big'))).toBe(false);
  });

  it('[AIR-1] names only the models that it carries as served', async () => {
    const kit = await createFilledKit();
    const models = join(root, 'dist3/models');
    await copyPublic(join(kit.modelsDir, '..'), join(root, 'dist3'));
    const readServed = (): Record<string, boolean[]> => {
      const { models: listed } = parseListing(JSON.parse(readFileSync(join(models, 'catalog.json'), 'utf8')));
      return Object.fromEntries(listed.map(({ id, variants }) => [id, variants.map(({ served }) => served)]));
    };
    expect(readServed()).toMatchObject({ [OWN]: [true], [CHAT]: [true, true] });
    await correctCatalogue(models);
    expect(readServed()).toMatchObject({ [OWN]: [true], [CHAT]: [false, false] });
    kit.remove();
  });

  it('works before there is anything public', async () => {
    await expect(copyPublic(join(root, 'none'), join(root, 'dist2'))).resolves.toBeUndefined();
    await expect(correctCatalogue(join(root, 'dist2/models'))).resolves.toBeUndefined();
  });
});
