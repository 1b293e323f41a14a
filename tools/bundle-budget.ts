import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What a person downloads before anything can be shown: the entry and all it imports statically, gzipped. */
export const INITIAL_JS_BUDGET_BYTES = 150_000;

interface Chunk {
  type: 'chunk';
  fileName: string;
  isEntry: boolean;
  imports: string[];
  code: string;
}

type Bundle = Record<string, Chunk | { type: 'asset' }>;

/** Gzipped bytes of every entry chunk with its static imports; workers and lazy chunks do not count. */
export function initialJsBytes(bundle: Bundle): number {
  const reached = new Set<string>();
  const visit = (fileName: string) => {
    const chunk = bundle[fileName];
    if (chunk?.type !== 'chunk' || reached.has(fileName)) return;
    reached.add(fileName);
    chunk.imports.forEach(visit);
  };
  for (const [fileName, chunk] of Object.entries(bundle)) {
    if (chunk.type === 'chunk' && chunk.isEntry) visit(fileName);
  }
  let bytes = 0;
  for (const fileName of reached) bytes += gzipSync((bundle[fileName] as Chunk).code).length;
  return bytes;
}

/** Prints the page's initial JavaScript at the end of a build, and fails the build above the budget. */
export function bundleBudget(budgetBytes = INITIAL_JS_BUDGET_BYTES): Plugin {
  return {
    name: 'parley:bundle-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const bytes = initialJsBytes(bundle);
      const line = `initial JavaScript: ${kilobytes(bytes)} gzipped (budget ${kilobytes(budgetBytes)})`;
      if (bytes > budgetBytes) this.error(`${line}: load something lazily`);
      process.stdout.write(`${line}\n`);
    },
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
