import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { createApp } from '../../server/app.ts';
import type { Log } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { createEngines } from '../../server/engines/engines.ts';
import type { Engines } from '../../server/engines/engines.ts';
import { processClock } from '../../server/realtime/clock.ts';
import { openGuard } from '../../server/security/open-guard.ts';
import { createMetrics } from '../../server/telemetry/metrics.ts';
import { modelsFolder } from './starter-engines.ts';

/** A server on a port of its own, with its engines. */
export interface Companion {
  url: string;
  engines: Engines;
  /** Made at this start, where callers need one. */
  newKey: string | undefined;
  /** The official client, as anybody would point it at this server. */
  client: OpenAI;
  close(): Promise<void>;
}

/** The real server on the starter models, or on `engines`. */
export async function openCompanion(
  options: { config?: Partial<Config>; engines?: Engines; env?: Record<string, string>; log?: Log } = {},
): Promise<Companion> {
  const config = { ...readConfig({}), ...options.config };
  const metrics = createMetrics();
  const deps = {
    clock: processClock,
    modelsDir: modelsFolder,
    observe: metrics.stageCalled,
    report: () => {},
  };
  const engines = options.engines ?? createEngines(config, deps);
  const { guard, asksForKey, newKey } = openGuard(config, options.env ?? {});
  const app = await createApp({
    pageDir: '/nowhere',
    modelsDir: modelsFolder,
    ...(options.log && { log: options.log }),
    doors: { engines, limits: config.limits, guard, asksForKey, metrics },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    engines,
    newKey,
    client: new OpenAI({ baseURL: `${url}/v1`, apiKey: newKey ?? 'unused', maxRetries: 0 }),
    async close() {
      await app.close();
      engines.dispose();
    },
  };
}
