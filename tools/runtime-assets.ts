import { createReadStream, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Plugin } from 'vite';
import { findRuntimeFiles } from './runtime-files.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves the runtimes of the engines below /runtime/ in development, puts them there in a build, and tells the code
 * their URLs (src/runtime-paths.ts). Copies of the wasm that Vite finds in the packages' own code are left out.
 */
export function runtimeAssets(): Plugin {
  const { paths, files } = findRuntimeFiles();
  return {
    name: 'parley:runtime-assets',
    config: () => ({ define: { __PARLEY_RUNTIME_PATHS__: JSON.stringify(paths) } }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        // The development server marks dynamic imports with a query.
        const path = (request.url ?? '').split('?', 1)[0]!.slice(1);
        const content = files.get(path);
        if (!content) return next();
        response.setHeader('content-type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
        for (const [name, value] of Object.entries(server.config.server.headers ?? {}))
          if (value !== undefined) response.setHeader(name, value);
        if ('text' in content) return void response.end(content.text);
        response.setHeader('content-length', statSync(content.file).size);
        createReadStream(content.file).pipe(response);
      });
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const name of Object.keys(bundle))
          if (/(^|\/)ort-wasm[^/]*\.wasm$/.test(name)) delete bundle[name];
        if (this.environment.name !== 'client') return;
        for (const [fileName, content] of files) {
          const source = 'text' in content ? content.text : readFileSync(content.file);
          this.emitFile({ type: 'asset', fileName, source });
        }
      },
    },
  };
}
