import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseListing } from '../../core/models/listing.ts';
import { microKokoroFiles } from './micro-kokoro.ts';
import { serveSite, type Site } from './site.ts';

export interface KokoroSite extends Site {
  /** The model's id in the catalogue. */
  kokoro: string;
}

/** The built page on a site to which Kokoro was pulled: with its files in the layout of the real ones, but tiny. */
export async function serveKokoroSite(): Promise<KokoroSite> {
  const modelsDir = await mkdtemp(join(tmpdir(), 'parley-kokoro-site-'));
  const listing = parseListing(JSON.parse(await readFile('public/models/catalog.json', 'utf8')));
  const kokoro = listing.models.find(({ engine }) => engine === 'kokoro');
  if (kokoro === undefined) throw new Error('The catalogue does not list Kokoro.');
  const files = microKokoroFiles();
  for (const [path, content] of files) {
    const file = join(modelsDir, kokoro.id, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  for (const variant of kokoro.variants) {
    const other = variant.device === 'wasm' ? 'onnx/model.onnx' : 'onnx/model_quantized.onnx';
    variant.served = true;
    variant.files = Array.from(files, ([path, content]) => ({
      path,
      bytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
    })).filter(({ path }) => path !== other);
  }
  await writeFile(join(modelsDir, 'catalog.json'), JSON.stringify(listing));
  await symlink(resolve('public/models/starter'), join(modelsDir, 'starter'), 'junction');
  const site = await serveSite('dist', { modelsDir });
  return {
    ...site,
    kokoro: kokoro.id,
    async stop() {
      await site.stop();
      await rm(modelsDir, { recursive: true });
    },
  };
}
