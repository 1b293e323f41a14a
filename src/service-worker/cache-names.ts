/**
 * All that the service worker keeps on the device, by name. Each build has a shell of its own: its page, scripts, styles
 * and icons. What many builds share is kept once: runtimes, model files and the catalogue.
 */
const SHELL_PREFIX = 'parley-shell-';

export const KEPT_CACHE = 'parley-kept';

export function shellCacheName(build: string): string {
  return SHELL_PREFIX + build;
}

/** The build that a cache is the shell of; undefined for any other cache. */
export function buildOfCache(name: string): string | undefined {
  return name.startsWith(SHELL_PREFIX) ? name.slice(SHELL_PREFIX.length) : undefined;
}

const LOCK_PREFIX = 'parley-build-';

/** Held, shared, by every open page of a build: the lock tells the service worker whose files are still in use. */
export function buildLockName(build: string): string {
  return LOCK_PREFIX + build;
}

export function buildOfLock(name: string): string | undefined {
  return name.startsWith(LOCK_PREFIX) ? name.slice(LOCK_PREFIX.length) : undefined;
}
