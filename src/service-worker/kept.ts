import { knownHashes, type KnownHashes } from './known-hashes.ts';
import { KEPT_CACHE } from './cache-names.ts';

export const CATALOGUE_URL = '/models/catalog.json';

/**
 * Larger files are not kept here: they belong into the page's own store of models, which can resume them. The copy is
 * read from the browser's HTTP cache, and Chromium's takes no file over an eighth of its 320 MB.
 */
const MAX_KEPT_BYTES = 40_000_000;

/** A network that does not answer at all is worse than the list of last time. */
const CATALOGUE_DEADLINE_MS = 4_000;

/** Runtimes and model files that the page has used, and the catalogue. */
export interface Kept {
  /** The catalogue of the server; the one of last time where the server cannot be reached. */
  answerCatalogue(event: FetchEvent): Promise<Response>;
  /** A model file, from here while it has the hash that the catalogue names. */
  answerModel(event: FetchEvent): Promise<Response>;
  /** A runtime, whose URL names its version. */
  answerRuntime(event: FetchEvent): Promise<Response>;
  /** For pages that fetched the catalogue before there was a service worker. */
  fetchCatalogue(): Promise<void>;
}

export function createKept(): Kept {
  let known: Promise<KnownHashes> | undefined;

  const open = (): Promise<Cache> => caches.open(KEPT_CACHE);

  async function readKnown(): Promise<KnownHashes> {
    const catalogue = await (await open()).match(CATALOGUE_URL, { ignoreVary: true });
    return knownHashes(await catalogue?.json().catch(() => undefined));
  }

  /** Files that a new catalogue does not name, or names with another hash, will not be asked for again. */
  async function storeCatalogue(response: Response): Promise<void> {
    const kept = await open();
    await kept.put(CATALOGUE_URL, response);
    known = readKnown();
    const current = new Set([...(await known)].map(([path, { sha256 }]) => keyOf(path, sha256)));
    for (const { url } of await kept.keys()) {
      const { pathname, search } = new URL(url);
      const isModel = pathname.startsWith('/models/') && pathname !== CATALOGUE_URL;
      if (isModel && !current.has(pathname + search)) await kept.delete(url);
    }
  }

  async function answerFrom(event: FetchEvent, key: string): Promise<Response> {
    const { request } = event;
    // `reload` is asked for by a page that found the file damaged.
    const found =
      request.cache === 'reload' ? undefined : await (await open()).match(key, { ignoreVary: true });
    if (found) return found;
    const response = await fetch(request);
    const bytes = Number(response.headers.get('content-length') ?? 0);
    // A full disk, or a file that did not come to its end: it is not kept, and the page has its own answer.
    if (response.status === 200 && !response.redirected && bytes <= MAX_KEPT_BYTES)
      event.waitUntil(copy(request.url, key).catch(() => {}));
    return response;
  }

  /**
   * The same file once more, out of the HTTP cache that the page's request fills. So the page's own stream never passes
   * through this thread, which a browser may end at any time, and no file is held in memory.
   */
  async function copy(url: string, key: string): Promise<void> {
    const response = await fetch(url);
    if (response.status === 200) await (await open()).put(key, response);
  }

  return {
    async answerCatalogue(event) {
      const last = await (await open()).match(CATALOGUE_URL, { ignoreVary: true });
      const fetched = fetch(event.request).then((response) => {
        if (response.ok) event.waitUntil(storeCatalogue(response.clone()).catch(() => {}));
        return response;
      });
      if (last === undefined) return fetched;
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, CATALOGUE_DEADLINE_MS, undefined));
      const response = await Promise.race([fetched.catch(() => undefined), late]);
      // 5xx is what a proxy says whose server is down.
      return response && response.status < 500 ? response : last;
    },
    async answerModel(event) {
      const { pathname } = new URL(event.request.url);
      const file = (await (known ??= readKnown())).get(pathname);
      return file === undefined || file.bytes > MAX_KEPT_BYTES
        ? fetch(event.request)
        : answerFrom(event, keyOf(pathname, file.sha256));
    },
    answerRuntime: (event) => answerFrom(event, event.request.url),
    async fetchCatalogue() {
      const response = await fetch(CATALOGUE_URL, { cache: 'no-cache' });
      if (response.ok) await storeCatalogue(response);
    },
  };
}

/** Another hash is another entry: a file that was replaced on the server can never be answered with the old one. */
function keyOf(path: string, sha256: string): string {
  return `${path}?sha256=${sha256}`;
}
