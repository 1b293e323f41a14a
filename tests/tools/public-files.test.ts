import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copyPublic } from '../../tools/public-files.ts';

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

  it('works before there is anything public', async () => {
    await expect(copyPublic(join(root, 'none'), join(root, 'dist2'))).resolves.toBeUndefined();
  });
});
