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

/** Environment variables that let models come from elsewhere. */
const REMOTE_SOURCES = ['MODEL_SOURCES'];

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

/** @throws Error where the environment wants what `--offline` forbids: neither may win silently. */
export function refuseRemoteSources(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of REMOTE_SOURCES) {
    const value = env[name]?.trim();
    if (value)
      throw new Error(
        `${name}=${value} names other sites, and --offline allows none. Leave one of them out.`,
      );
  }
}
