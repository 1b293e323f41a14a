import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchLaunches } from '../../../src/app/launches.ts';

afterEach(() => vi.unstubAllGlobals());

function openPage(href: string) {
  let launch: ((launch: { targetURL?: string }) => void) | undefined;
  vi.stubGlobal('launchQueue', { setConsumer: (consumer: typeof launch) => (launch = consumer) });
  const requests: unknown[] = [];
  const addresses: string[] = [];
  const history = {
    replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => {
      addresses.push(String(url));
    },
  };
  const { pathname } = new URL(href);
  watchLaunches({ location: { href, pathname }, history }, (request) => requests.push(request));
  return { requests, addresses, launch: (targetURL?: string) => launch?.(targetURL ? { targetURL } : {}) };
}

const page = 'https://parley.example/';
const talking = { talk: true, text: '' };

describe('[PWA-7] a start of the app', () => {
  it('is read from the address, which is then plain again', () => {
    expect(openPage(`${page}?talk`)).toMatchObject({ requests: [talking], addresses: ['/'] });
    expect(openPage(page)).toMatchObject({ requests: [], addresses: [] });
  });

  it('is not read twice where the browser reports the first one too', () => {
    const app = openPage(`${page}?talk`);
    app.launch(`${page}?talk`);
    expect(app.requests).toEqual([talking]);
    app.launch(`${page}?talk`);
    expect(app.requests).toEqual([talking, talking]);
  });

  it('reaches an app that runs', () => {
    const app = openPage(page);
    app.launch(page);
    app.launch(`${page}?text=hello`);
    app.launch();
    expect(app.requests.at(-1)).toEqual({ talk: false, text: 'hello' });
  });

  it('is read where the browser knows of no further ones', () => {
    vi.stubGlobal('launchQueue', undefined);
    const requests: unknown[] = [];
    const location = { href: `${page}?talk=1`, pathname: '/' };
    watchLaunches({ location, history: { replaceState: () => {} } }, (request) => requests.push(request));
    expect(requests).toEqual([talking]);
  });
});
