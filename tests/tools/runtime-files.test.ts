import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findRuntimeFiles } from '../../tools/runtime-files.ts';

describe('runtime files', () => {
  const { paths, files } = findRuntimeFiles();

  it('all exist, below a path with their version', () => {
    for (const [path, content] of files) {
      expect(path).toMatch(/^runtime\/[a-z-]+-\d+\.\d+\.\d+[^/]*\/[^/]+$/);
      if ('file' in content) expect(statSync(content.file).size).toBeGreaterThan(0);
    }
  });

  it('hold what the paths promise', () => {
    expect(files.has(paths.silero.slice(1))).toBe(true);
    for (const name of ['espeak-ng.js', 'espeak-ng.data'])
      expect(files.has(paths.espeak.slice(1) + name)).toBe(true);
    for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'])
      expect(files.has(paths.ort.slice(1) + name)).toBe(true);
  });

  it('bring the licence and the offer of the source of eSpeak NG', () => {
    expect(files.has(`${paths.espeak.slice(1)}COPYING`)).toBe(true);
    expect(files.get(`${paths.espeak.slice(1)}SOURCE.txt`)).toMatchObject({
      text: expect.stringContaining('https://github.com/echogarden-project/espeak-ng') as string,
    });
  });
});
