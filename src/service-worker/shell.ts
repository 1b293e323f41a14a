import { buildOfCache, buildOfLock, KEPT_CACHE, shellCacheName } from './cache-names.ts';

/** What a build consists of; written into the script by tools/service-worker.ts. */
export interface Shell {
  /** Changes with every byte of the build. */
  build: string;
  /** Page, scripts, styles and icons. `integrity` is a hash as in `<script integrity>`. */
  files: readonly { url: string; integrity: string }[];
  /** URLs of scripts too large to be fetched before they are wanted: a runtime that most devices never load. */
  large: readonly string[];
  /** URLs of the runtimes, which builds share. */
  runtimes: readonly string[];
}

/**
 * Fetches the whole shell, each file with the hash it was built with: during a deployment a server may hand out files of
 * two builds, and then this fails, the old shell stays, and the browser tries again later.
 */
export async function fetchShell({ build, files }: Shell): Promise<void> {
  const name = shellCacheName(build);
  const cache = await caches.open(name);
  try {
    await Promise.all(
      files.map(async ({ url, integrity }) => {
        const response = await fetch(url, { cache: 'no-cache', integrity, redirect: 'error' });
        if (!response.ok) throw new Error(`${url} answered ${response.status}`);
        await cache.put(url, response);
      }),
    );
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

/** The page of this build. A cached answer keeps its headers, and with them isolation and policy. */
export async function answerPage(request: Request, { build }: Shell): Promise<Response> {
  const cache = await caches.open(shellCacheName(build));
  return (await cache.match('/', { ignoreVary: true })) ?? fetch(request);
}

/**
 * A file of this build, or of an older one whose page is still open: names hold hashes, so they cannot be mixed up. What
 * no build has is the network's to answer, with 404 where it is not there; a large script is kept from then on.
 */
export async function answerFile(event: FetchEvent, { build, large }: Shell): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(shellCacheName(build));
  const found =
    (await cache.match(request, { ignoreVary: true })) ?? (await caches.match(request, { ignoreVary: true }));
  if (found) return found;
  const response = await fetch(request);
  if (response.status === 200 && large.includes(new URL(request.url).pathname))
    event.waitUntil(cache.put(request.url, response.clone()).catch(() => {}));
  return response;
}

/**
 * Deletes the shells of builds that no open page is of, and then the runtimes that this build does not use. Not while
 * another build is being fetched or waits: its files are there, and no page uses them yet.
 */
export async function tidy(
  { build, runtimes }: Shell,
  registration: Pick<ServiceWorkerRegistration, 'installing' | 'waiting'>,
): Promise<void> {
  const names = await caches.keys();
  if (registration.installing ?? registration.waiting) return;
  const { held = [] } = await navigator.locks.query();
  const inUse = new Set(held.map(({ name = '' }) => buildOfLock(name)));
  let others = false;
  for (const name of names) {
    const other = buildOfCache(name);
    if (other === undefined || other === build) continue;
    if (inUse.has(other)) others = true;
    else await caches.delete(name);
  }
  if (others) return;
  const kept = await caches.open(KEPT_CACHE);
  for (const { url } of await kept.keys()) {
    const { pathname } = new URL(url);
    if (pathname.startsWith('/runtime/') && !runtimes.includes(pathname)) await kept.delete(url);
  }
}
