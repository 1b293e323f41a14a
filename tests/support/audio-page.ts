import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview, type PluginOption } from 'vite';

const root = fileURLToPath(new URL('./pages/', import.meta.url));

export interface ServedPage {
  url: string;
  close(): Promise<void>;
}

const shared = { root, configFile: false as const, logLevel: 'error' as const };

/** Builds a page of tests/support/pages as the product is built. @returns the folder, which is the caller's to remove */
export async function buildPage(name: string, plugins: PluginOption[] = []): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'parley-page-'));
  await build({
    ...shared,
    plugins,
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, name) },
    },
  });
  return outDir;
}

/** Builds a page and serves it under the product's policy. */
export async function servePage(name: string): Promise<ServedPage> {
  const outDir = await buildPage(name);
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: {
      port: 0,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Content-Security-Policy':
          "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' data:",
      },
    },
  });
  return {
    url: new URL(name, server.resolvedUrls?.local[0]).href,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
