import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export interface PageFolders {
  /** The build: index.html, assets/, runtime/. */
  pageDir: string;
  /** Model files, one folder per model, served under /models/. */
  modelsDir: string;
  /** Hands out the build's sw-remove.js as the service worker, which takes itself off every device. */
  removeServiceWorker?: boolean;
}

interface PageRoutes extends PageFolders {
  documentPolicy: string;
}

/** Serves the built page and the models as files. What is not there answers 404, never index.html. */
export async function pageRoutes(app: FastifyInstance, options: PageRoutes): Promise<void> {
  const { pageDir, modelsDir, documentPolicy, removeServiceWorker = false } = options;

  /** `cacheControl` is what a browser may do with the files of this folder. */
  async function serve(
    prefix: string,
    root: string,
    cacheControl: string,
    options: Partial<FastifyStaticOptions>,
  ) {
    if (!existsSync(root)) return;
    await app.register(fastifyStatic, {
      dotfiles: 'ignore',
      index: false,
      ...options,
      root,
      prefix,
      decorateReply: false,
      cacheControl: false,
      setHeaders(reply, path) {
        reply.header('cache-control', cacheControl);
        if (extname(path) === '.html') reply.header('content-security-policy', documentPolicy);
        if (extname(path) === '.onnx') reply.header('content-type', 'application/octet-stream');
      },
    });
  }

  // Each name holds a hash or a version, so what is under it never changes; the build lays a .gz beside each script.
  const forever = 'public, max-age=31536000, immutable';
  await serve('/assets/', join(pageDir, 'assets'), forever, { preCompressed: true });
  await serve('/runtime/', join(pageDir, 'runtime'), forever, { preCompressed: true });
  await serve('/models/', modelsDir, 'no-cache', {});
  await serve('/', pageDir, 'no-cache', { index: 'index.html' });
  if (removeServiceWorker) {
    app.get('/sw.js', async (_request, reply) =>
      reply
        .headers({ 'cache-control': 'no-cache', 'content-type': 'text/javascript; charset=utf-8' })
        .send(await readFile(join(pageDir, 'sw-remove.js'))),
    );
  }
}
