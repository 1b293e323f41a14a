import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

/** What stands in for `Shell` in the source. */
const PLACEHOLDER = '__PARLEY_SHELL__';

/** Fetched when they are wanted, or by nobody but the browser. */
const NOT_IN_SHELL = /^(?:models|runtime)\/|\.gz$|^icons\/screenshot-|^sw(?:-remove)?\.js$/;

/** Every visitor would wait for them; WebLLM is 6.7 MB, and the others are below 1 MB. */
const LARGE_BYTES = 2_000_000;

const BUILD_NAME = /\n *<meta name="parley-build"[^>]*>/;

/**
 * Writes the service worker, sw.js, with the list of all files of the build and their hashes, and sw-remove.js, which
 * takes it away again. Own code instead of a generator's: what must hold (no two builds mixed, an old page keeps its
 * files, runtimes of 27 MB kept only when they are used, models by their hash) is most of it, and the rest is a loop.
 */
export function serviceWorker(root = process.cwd()): Plugin {
  let outDir = 'dist';
  return {
    name: 'parley:service-worker',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'client',
    configResolved(config) {
      outDir = resolve(root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      // After the public files have been copied.
      sequential: true,
      async handler() {
        // The page of a test or a benchmark is built alone.
        if (existsSync(join(outDir, 'index.html'))) await writeServiceWorker(outDir);
      },
    },
  };
}

/** Adds sw.js and sw-remove.js to a finished build, or makes them anew where its files were changed. */
export async function writeServiceWorker(outDir: string): Promise<void> {
  const [worker, removal] = await Promise.all([
    compile('src/service-worker/service-worker.ts'),
    compile('src/service-worker/removal.ts'),
  ]);
  await writeFile(join(outDir, 'sw.js'), await addShell(outDir, worker));
  await writeFile(join(outDir, 'sw-remove.js'), removal);
}

/**
 * Puts the list of the build's files into the service worker, and the name of the build into the page: the hash of
 * everything, the service worker's own code included.
 */
async function addShell(outDir: string, code: string): Promise<string> {
  const paths = (await readdir(outDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
  const html = (await readFile(join(outDir, 'index.html'), 'utf8')).replace(BUILD_NAME, '');
  const hashes = new Map([['index.html', hash(html, 'base64')]]);
  const large: string[] = [];
  for (const path of paths.filter((each) => !NOT_IN_SHELL.test(each) && !hashes.has(each))) {
    const content = await readFile(join(outDir, path));
    // The name of a script holds its hash.
    if (path.startsWith('assets/') && content.length > LARGE_BYTES) large.push(`/${path}`);
    else hashes.set(path, hash(content, 'base64'));
  }
  const name = hash(JSON.stringify([code, ...hashes, large]), 'hex').slice(0, 16);

  const named = html.replace('</title>', `</title>\n    <meta name="parley-build" content="${name}" />`);
  await writeFile(join(outDir, 'index.html'), named);
  hashes.set('index.html', hash(named, 'base64'));

  const shell = {
    build: name,
    files: [...hashes].map(([path, sha256]) => ({
      url: path === 'index.html' ? '/' : `/${path}`,
      integrity: `sha256-${sha256}`,
    })),
    large,
    runtimes: paths.filter((path) => /^runtime\/.*(?<!\.gz)$/.test(path)).map((path) => `/${path}`),
  };
  return code.replace(PLACEHOLDER, () => JSON.stringify(shell));
}

function hash(content: string | Buffer, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(content).digest(encoding);
}

/** One classic script: not every browser takes modules for service workers. */
async function compile(source: string): Promise<string> {
  const input = fileURLToPath(new URL(`../${source}`, import.meta.url));
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'esnext',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input, output: { format: 'iife' } },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error(`${input} was not built`);
  return output.output[0].code;
}
