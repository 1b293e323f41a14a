/** The parts of a request that decide who answers it. */
export interface RouteRequest {
  method: string;
  url: string;
  mode: string;
  cache: string;
  headers: Pick<Headers, 'has'>;
}

/**
 * Who answers a request: `network` is not touched at all, `page` is the document, `catalogue` the list of models,
 * `model` and `runtime` are kept once they were used, `file` is a part of the shell or, failing that, the network.
 */
export type Route = 'network' | 'page' | 'catalogue' | 'model' | 'runtime' | 'file';

/** What the server computes: nothing of it is a file, and its streams may be long. */
const INTERFACES = /^\/(?:api|v1)\//;

/**
 * Only whole files of this origin are kept. Ranges belong to whoever puts a file together from pieces, and so does a
 * request that says `no-store`. The page stands at "/" whatever is asked of it; any other document is the server's affair.
 */
export function routeOf(request: RouteRequest, origin: string): Route {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'network';
  if (request.headers.has('range') || request.cache === 'no-store' || INTERFACES.test(url.pathname))
    return 'network';
  if (request.mode === 'navigate')
    return url.pathname === '/' || url.pathname === '/index.html' ? 'page' : 'network';
  if (url.pathname === '/models/catalog.json') return 'catalogue';
  if (url.pathname.startsWith('/models/')) return 'model';
  if (url.pathname.startsWith('/runtime/')) return 'runtime';
  return 'file';
}
