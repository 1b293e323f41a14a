import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import type { CatalogModel } from '../../core/models/catalog.ts';
import { createApp } from '../../server/app.ts';

const here = {
  needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
  served: true,
} as const;
const PAGE = 'tests/support/pages/kokoro.html';

export interface KokoroPage {
  url: string;
  /** Puts the files of a model where the server finds them, and tells how the catalogue would list it. */
  addModel(
    engine: 'kokoro' | 'supertonic',
    id: string,
    files: ReadonlyMap<string, string | Uint8Array>,
  ): Promise<CatalogModel>;
  /** Changes a file behind the back of the catalogue. */
  spoil(id: string, file: string, content: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Builds tests/support/pages/kokoro.html as the product is built and serves it with the product's server. */
export async function serveKokoroPage(): Promise<KokoroPage> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-kokoro-page-'));
  const [pageDir, modelsDir] = [join(folder, 'page/'), join(folder, 'models/')];
  await mkdir(modelsDir);
  await build({
    logLevel: 'error',
    build: { outDir: pageDir, rolldownOptions: { input: PAGE } },
  });
  const app = await createApp({ pageDir, modelsDir });
  const address = await app.listen({ port: 0, host: 'localhost' });
  const write = async (id: string, file: string, content: string | Uint8Array): Promise<void> => {
    const path = join(modelsDir, id, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  return {
    url: new URL(PAGE, address).href,
    async addModel(engine, id, files) {
      for (const [file, content] of files) await write(id, file, content);
      const known = [...files].map(([path, content]) => ({
        path,
        bytes: Buffer.byteLength(content),
        sha256: createHash('sha256').update(content).digest('hex'),
      }));
      return {
        id,
        stages: ['tts'],
        name: `micro-${engine}`,
        engine,
        licence: 'Apache-2.0',
        languages: ['en'],
        prefers: 'webgpu',
        quality: 'good',
        speed: 'fast',
        variants: [
          {
            ...here,
            device: 'wasm',
            dtype: engine === 'kokoro' ? 'q8' : 'fp32',
            files: known.filter(({ path }) => path !== 'onnx/model.onnx'),
          },
          {
            ...here,
            device: 'webgpu',
            dtype: 'fp32',
            files: known.filter(({ path }) => path !== 'onnx/model_quantized.onnx'),
          },
        ],
      };
    },
    spoil: write,
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
