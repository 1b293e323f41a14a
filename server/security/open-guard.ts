import { isLoopback } from '../config.ts';
import type { Config } from '../config.ts';
import { createGuard } from './guard.ts';
import type { Guard } from './guard.ts';
import { createTokenVerifier } from './jwt.ts';
import { openKeyStore } from './keys.ts';

export interface OpenedGuard {
  guard: Guard;
  asksForKey: boolean;
  /** Made just now, to be shown once. */
  newKey?: string;
}

/**
 * On addresses that others can reach, and where tokens are configured, callers need a key or a token; the first key is
 * made at the first start.
 * @throws Error in words
 */
export function openGuard(config: Config, env: Readonly<Record<string, string | undefined>>): OpenedGuard {
  const { host, origins, dataDir, jwt } = config;
  if (isLoopback(host) && jwt === undefined)
    return { guard: createGuard({ host, origins }), asksForKey: false };
  const keys = openKeyStore(dataDir);
  const verifyToken = jwt && createTokenVerifier(jwt, env);
  const guard = createGuard({ host, origins, keys, ...(verifyToken && { verifyToken }) });
  return { guard, asksForKey: true, ...(keys.isEmpty() && { newKey: keys.create() }) };
}
