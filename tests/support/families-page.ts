import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../../core/models/engines.ts';
import { createApp } from '../../server/app.ts';
import { runtimeAssets } from '../../tools/runtime-assets.ts';
import { buildPage } from './audio-page.ts';
import { writeFiles, type ModelFiles } from './micro/write.ts';
import type { FamilyConfig } from './pages/families.ts';

/** The page that loads models in the product's threads, on the product's server. */
export interface FamiliesPage {
  url: string;
  /** Lays a model on the server. */
  add(id: string, files: ModelFiles): Promise<void>;
  /** Where its files lie. */
  folder(id: string): string;
  /** The model as the catalogue would describe it, with the hashes that its files should have. */
  config(
    engine: EngineName,
    id: string,
    place: Pick<FamilyConfig, 'device' | 'dtype'>,
    files: ModelFiles,
  ): Promise<FamilyConfig>;
  close(): Promise<void>;
}

export async function serveFamilies(): Promise<FamiliesPage> {
  const pageDir = await buildPage('families.html', [runtimeAssets()]);
  const modelsDir = await mkdtemp(join(tmpdir(), 'parley-families-'));
  const app = await createApp({ pageDir: `${pageDir}/`, modelsDir });
  const url = await app.listen({ port: 0, host: 'localhost' });
  const folder = (id: string): string => join(modelsDir, id);
  return {
    url: `${url}/families.html`,
    add: (id, files) => writeFiles(folder(id), files),
    folder,
    async config(engine, id, { device, dtype }, files) {
      const described = Object.keys(files).map(async (path) => {
        const bytes = await readFile(join(folder(id), path));
        return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
      });
      return {
        engine,
        modelId: id,
        name: `Micro ${engine}`,
        device,
        dtype,
        files: await Promise.all(described),
      };
    },
    async close() {
      await app.close();
      await rm(pageDir, { recursive: true });
      await rm(modelsDir, { recursive: true });
    },
  };
}
