import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from '../../server/app.ts';
import { writeServiceWorker } from '../../tools/service-worker.ts';
import { TAP_URL, tapSource } from './voice-kit.ts';

export interface SiteOptions {
  modelsDir?: string;
  /** A free one unless given. */
  port?: number;
  removeServiceWorker?: boolean;
}

/** A server of its own for a test that stops it, changes what it serves, or counts what it is asked. */
export interface Site {
  url: string;
  port: number;
  /** Paths in the order in which they were asked for, each with the status of the answer. */
  asked: string[];
  stop(): Promise<void>;
}

export async function serveSite(pageDir: string, options: SiteOptions = {}): Promise<Site> {
  const { modelsDir = 'public/models', port: wanted = 0, removeServiceWorker = false } = options;
  const app = await createApp({
    pageDir: resolve(pageDir),
    modelsDir: resolve(modelsDir),
    removeServiceWorker,
  });
  const asked: string[] = [];
  app.addHook('onResponse', async (request, reply) => {
    asked.push(`${reply.statusCode} ${request.url}`);
  });
  app.get(TAP_URL, (_request, reply) => reply.type('text/javascript').send(tapSource));
  const url = await app.listen({ port: wanted, host: 'localhost' });
  const port = Number(new URL(url).port);
  return { url: `http://localhost:${port}`, port, asked, stop: () => app.close() };
}

/** A copy of the build that a test may change. */
export async function copyBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-site-'));
  await cp('dist', folder, {
    recursive: true,
    filter: (path) => !/dist.(?:models|runtime)\b/.test(path) && !path.endsWith('.gz'),
  });
  return folder;
}

/** Turns a copy into another build, as a change of the code would: all scripts have other names. */
export async function rebuild(folder: string, mark: string): Promise<void> {
  const names = await readdir(join(folder, 'assets'));
  const renamed = new Map(
    names.map((name) => [name, name.replace(/-[\w-]{8}\./, `-${mark.padEnd(8, '0')}.`)]),
  );
  const rewrite = async (file: string): Promise<void> => {
    let text = await readFile(file, 'utf8');
    for (const [before, after] of renamed) text = text.replaceAll(before, after);
    await writeFile(file, text);
  };
  for (const [before, after] of renamed) {
    await rewrite(join(folder, 'assets', before));
    await rename(join(folder, 'assets', before), join(folder, 'assets', after));
  }
  await rewrite(join(folder, 'index.html'));
  await writeServiceWorker(folder);
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true });
