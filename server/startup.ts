import { existsSync, readdirSync } from 'node:fs';
import { isLoopback, type Listening } from './config.ts';

export interface Found {
  pageBuilt: boolean;
  models: readonly string[];
  /** As `Arguments`. */
  offline?: boolean;
  removeServiceWorker?: boolean;
}

/** Ids of the models on disk: folders that hold a config.json, such as "starter/recogniser". */
export function findModels(modelsDir: string): string[] {
  if (!existsSync(modelsDir)) return [];
  return readdirSync(modelsDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[\\/]config\.json$/.test(path))
    .map((path) => path.replaceAll('\\', '/').replace(/\/config\.json$/, ''))
    .toSorted();
}

/** What the person who started the server reads: where it is, and what it found. */
export function describeStart(config: Listening, found: Found): string {
  const lines = [`Parley is at http://${urlHost(config.host)}:${config.port}`];
  lines.push(found.pageBuilt ? 'page    built' : 'page    not built: run `npm run build`');
  lines.push(
    found.models.length > 0
      ? `models  ${found.models.join(', ')}`
      : 'models  none in public/models: the page cannot listen or answer',
  );
  if (found.offline)
    lines.push('offline yes: everything comes from this server, and nothing may come from elsewhere');
  if (found.removeServiceWorker)
    lines.push('removal yes: devices that come back lose the service worker and what it kept');
  if (!isLoopback(config.host)) {
    lines.push('https   no: from other machines, browsers give this page no microphone over plain http');
  }
  return `${lines.join('\n')}\n`;
}

/** Turns what `listen` threw into words with a way out. */
export function explainListenError(error: unknown, config: Listening): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const port = String(config.port);
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken. Stop the program that uses it, or choose another: PORT=8788 npm start`,
    EACCES: `Port ${port} is not allowed for this user. Choose one above 1023: PORT=8787 npm start`,
    EADDRNOTAVAIL: `HOST=${config.host} is not an address of this machine.`,
    ENOTFOUND: `HOST=${config.host} is not an address of this machine.`,
  };
  const reason = typeof code === 'string' ? reasons[code] : undefined;
  return new Error(reason ?? (error instanceof Error ? error.message : String(error)), { cause: error });
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? 'localhost' : host;
}
