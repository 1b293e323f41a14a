import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { createApp } from '../../server/app.ts';
import { findRuntimeFiles } from '../../tools/runtime-files.ts';

const root = fileURLToPath(new URL('./pages/', import.meta.url));

export interface ServedPage {
  url: string;
  /** Where its models lie, empty at first. */
  modelsDir: string;
  close(): Promise<void>;
}

/** Builds a page of tests/support/pages as the product is built, and serves it with Parley's own server. */
export async function serveBuiltPage(name: string): Promise<ServedPage> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-page-'));
  const pageDir = join(folder, 'page');
  const modelsDir = await mkdtemp(join(folder, 'models-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { __PARLEY_RUNTIME_PATHS__: JSON.stringify(findRuntimeFiles().paths) },
    worker: { format: 'es' },
    build: {
      outDir: pageDir,
      target: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, name) },
    },
  });
  const app = await createApp({ pageDir: `${pageDir}/`, modelsDir: `${modelsDir}/` });
  await app.listen({ port: 0, host: 'localhost' });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/${name}`,
    modelsDir,
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
