import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(gzip);

/**
 * Writes a `.gz` beside every script and style of the build, which the server sends to browsers that take it. Not for
 * WebAssembly: tens of megabytes would slow every build down for files that a browser fetches once.
 */
export function precompress(): Plugin {
  return {
    name: 'parley:precompress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const texts = Object.keys(bundle).filter((fileName) => /\.(m?js|css)$/.test(fileName));
      await Promise.all(texts.map((fileName) => compressFile(join(dir, fileName))));
    },
  };
}

async function compressFile(file: string): Promise<void> {
  await writeFile(`${file}.gz`, await compress(await readFile(file)));
}
