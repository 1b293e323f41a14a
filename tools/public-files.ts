import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { parseListing } from '../core/models/listing.ts';
import { describeServed } from './models/describe.ts';
import { formatListing } from './models/workspace.ts';

/** The models that every build carries; pulled ones can be many gigabytes and stay where they are. */
const BUNDLED_MODELS = ['catalog.json', 'starter'];

/**
 * Copies public/ into the build, of public/models only the catalogue and the starter models. The result runs on any
 * static server, with a catalogue that says so; Parley's own serves /models straight from public/models and so sees pulled models without a build.
 */
export function publicFiles(root = process.cwd()): Plugin {
  let outDir = 'dist';
  return {
    name: 'parley:public-files',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'client',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      await copyPublic(join(root, 'public'), resolve(root, outDir));
      await correctCatalogue(join(resolve(root, outDir), 'models'));
    },
  };
}

/** Copies what belongs into a build from `publicDir` to `outDir`; a missing folder is an empty one. */
export async function copyPublic(publicDir: string, outDir: string): Promise<void> {
  for (const name of await namesIn(publicDir)) {
    if (name !== 'models') await cp(join(publicDir, name), join(outDir, name), { recursive: true });
  }
  const models = await namesIn(join(publicDir, 'models'));
  for (const name of models.filter((model) => BUNDLED_MODELS.includes(model))) {
    await mkdir(join(outDir, 'models'), { recursive: true });
    await cp(join(publicDir, 'models', name), join(outDir, 'models', name), { recursive: true });
  }
}

/** Pulled models stay behind: to a page that another server hands out, they are not there. */
export async function correctCatalogue(modelsDir: string): Promise<void> {
  const file = join(modelsDir, 'catalog.json');
  if (!existsSync(file)) return;
  const listing = parseListing(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, `${formatListing(await describeServed(listing, modelsDir))}\n`);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
