import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { bundleBudget } from './tools/bundle-budget.ts';
import { precompress } from './tools/precompress.ts';
import { publicFiles } from './tools/public-files.ts';
import { runtimeAssets } from './tools/runtime-assets.ts';
import { serviceWorker } from './tools/service-worker.ts';

/** Without these two headers the page has no shared memory, and wasm runs on one thread. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  // No fallback to index.html: a missing model file must answer 404.
  appType: 'mpa',
  plugins: [react(), runtimeAssets(), bundleBudget(), precompress(), publicFiles(), serviceWorker()],
  worker: { format: 'es' },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    copyPublicDir: false,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // In one chunk, so that zod is told not to compile before any schema is made, wherever that one lies. With React and
      // what every thread is called through, the chunks are fewer, and smaller together.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /[\\/](?:node_modules[\\/](?:zod|react|scheduler|comlink)|boundary[\\/]|core[\\/](?:no-eval|errors))/,
            },
          ],
        },
      },
    },
  },
  server: { headers },
  preview: { headers },
});
