import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleBudget, initialJsBytes } from '../../tools/bundle-budget.ts';

const chunk = (fileName: string, code: string, imports: string[] = [], isEntry = false) =>
  ({ type: 'chunk', fileName, code, imports, isEntry }) as const;

describe('the initial JavaScript', () => {
  it('is the entry and what it imports at once, each counted once; lazy chunks are not', () => {
    const bundle = {
      'index.js': chunk('index.js', 'entry', ['shared.js', 'vendor.js'], true),
      'shared.js': chunk('shared.js', 'shared', ['vendor.js']),
      'vendor.js': chunk('vendor.js', 'vendor'),
      'lazy.js': chunk('lazy.js', 'lazy', ['vendor.js']),
      'style.css': { type: 'asset' } as const,
    };
    const expected = ['entry', 'shared', 'vendor'].reduce((sum, code) => sum + gzipSync(code).length, 0);
    expect(initialJsBytes(bundle)).toBe(expected);
  });
});

describe('a build above its budget', () => {
  const root = mkdtempSync(join(tmpdir(), 'parley-budget-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('fails and says by how much', async () => {
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'index.html'), '<script type="module" src="./src/main.js"></script>');
    writeFileSync(join(root, 'src/main.js'), `console.log("${randomBytes(2000).toString('base64')}");`);
    const run = (budgetBytes: number) =>
      build({ root, configFile: false, logLevel: 'silent', plugins: [bundleBudget(budgetBytes)] });
    await expect(run(1000)).rejects.toThrow(/initial JavaScript: 2\.\d kB gzipped \(budget 1\.0 kB\)/);
    await expect(run(150_000)).resolves.toBeTruthy();
  });
});
