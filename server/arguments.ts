import { parseArgs } from 'node:util';

export interface Arguments {
  /** Nothing may come from another origin, whatever the environment allows. */
  offline: boolean;
  /** Devices that have the service worker are told to remove it. */
  removeServiceWorker: boolean;
}

const usage = `Usage: npm start -- [--offline] [--remove-service-worker]

  --offline                 refuses models from other sites
  --remove-service-worker   takes the service worker, and what it kept, off every device that comes back

PORT and HOST choose where the page is served.`;

/** @throws Error in words, with the usage, for anything that is not understood. */
export function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { offline: { type: 'boolean' }, 'remove-service-worker': { type: 'boolean' } },
      strict: true,
    });
    return {
      offline: values.offline ?? false,
      removeServiceWorker: values['remove-service-worker'] ?? false,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, {
      cause: error,
    });
  }
}

/**
 * @param modelSources origins that the configuration allows beside this server
 * @throws Error where it wants what `--offline` forbids: neither may win silently
 */
export function refuseRemoteSources(modelSources: readonly string[]): void {
  if (modelSources.length === 0) return;
  const origins = modelSources.join(' ');
  throw new Error(
    `MODEL_SOURCES names ${origins}, and --offline allows no other site. Leave one of them out.`,
  );
}
