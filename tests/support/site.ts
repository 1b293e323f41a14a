import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { processClock } from '../../server/realtime/clock.ts';
import { createEngines } from '../../server/engines/engines.ts';
import type { DoorDeps } from '../../server/routes/doors.ts';
import { openGuard } from '../../server/security/open-guard.ts';
import { createMetrics } from '../../server/telemetry/metrics.ts';
import { writeServiceWorker } from '../../tools/service-worker.ts';
import { TAP_URL, tapSource } from './voice-kit.ts';

export interface SiteOptions {
  modelsDir?: string;
  /** A free one unless given. */
  port?: number;
  removeServiceWorker?: boolean;
  /** Models of its own; see `starterDoors`. */
  doors?: DoorDeps;
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
  const { modelsDir = 'public/models', port: wanted = 0, removeServiceWorker = false, doors } = options;
  const app = await createApp({
    pageDir: resolve(pageDir),
    modelsDir: resolve(modelsDir),
    removeServiceWorker,
    ...(doors && { doors }),
  });
  app.addHook('onClose', () => doors?.engines.dispose());
  const asked: string[] = [];
  app.addHook('onResponse', async (request, reply) => {
    asked.push(`${reply.statusCode} ${request.url}`);
  });
  app.get(TAP_URL, (_request, reply) => reply.type('text/javascript').send(tapSource));
  const url = await app.listen({ port: wanted, host: 'localhost' });
  const port = Number(new URL(url).port);
  return { url: `http://localhost:${port}`, port, asked, stop: () => app.close() };
}

/** The starter models in processes of the server, as `npm start` has them. */
export function starterDoors(more: Partial<Config> = {}): DoorDeps & { newKey: string | undefined } {
  const config = { ...readConfig({}), ...more };
  const metrics = createMetrics();
  const engines = createEngines(config, {
    clock: processClock,
    modelsDir: resolve('public/models'),
    observe: metrics.stageCalled,
    report: () => {},
  });
  const { guard, asksForKey, newKey } = openGuard(config, {});
  return { engines, limits: config.limits, guard, asksForKey, metrics, newKey };
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
