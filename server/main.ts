import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { readArguments, refuseRemoteSources } from './arguments.ts';
import { readConfig } from './config.ts';
import { createEngines } from './engines/engines.ts';
import { measureCard } from './engines/card-memory.ts';
import { processClock } from './realtime/clock.ts';
import { openGuard } from './security/open-guard.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { describeStart, explainListenError, findModels } from './startup.ts';

const pageDir = fileURLToPath(new URL('../dist/', import.meta.url));
const modelsDir = fileURLToPath(new URL('../public/models/', import.meta.url));

try {
  const { offline, removeServiceWorker } = readArguments(process.argv.slice(2));
  const config = readConfig(process.env);
  const { modelSources } = config;
  if (offline) refuseRemoteSources(modelSources);
  const { guard, asksForKey, newKey } = openGuard(config, process.env);
  const metrics = createMetrics();
  const engines = createEngines(
    { ...config, gpu: await measureCard(config) },
    {
      clock: processClock,
      modelsDir,
      observe: metrics.stageCalled,
      report: (line) => process.stderr.write(`${line}\n`),
    },
  );
  const doors = { engines, limits: config.limits, guard, asksForKey, metrics };
  const log = { level: config.logLevel };
  const app = await createApp({ pageDir, modelsDir, modelSources, removeServiceWorker, doors, log });
  app.addHook('onClose', () => engines.dispose());
  await app.listen({ port: config.port, host: config.host }).catch((error: unknown) => {
    throw explainListenError(error, config);
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const found = {
    pageBuilt: existsSync(`${pageDir}index.html`),
    models: findModels(modelsDir),
    offline,
    removeServiceWorker,
  };
  process.stdout.write(describeStart({ host: config.host, port }, found));
  if (newKey !== undefined) process.stdout.write(`key     ${newKey} (shown this once: keep it)\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
} catch (error) {
  process.stderr.write(`Parley did not start.\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
