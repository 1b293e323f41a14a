import { describe, expect, it } from 'vitest';
import { routeOf, type RouteRequest } from '../../../src/service-worker/route.ts';

const ORIGIN = 'https://parley.example';

function route(path: string, request: Partial<RouteRequest> = {}): string {
  const url = new URL(path, ORIGIN).href;
  const defaults = { method: 'GET', mode: 'cors', cache: 'default', headers: new Headers() };
  return routeOf({ ...defaults, url, ...request }, ORIGIN);
}

describe('the service worker', () => {
  it.each([
    ['/', { mode: 'navigate' }, 'page'],
    ['/?talk', { mode: 'navigate' }, 'page'],
    ['/index.html?text=hello', { mode: 'navigate' }, 'page'],
    ['/assets/index-a1b2.js', {}, 'file'],
    ['/icons/icon-192.png', {}, 'file'],
    ['/models/catalog.json', {}, 'catalogue'],
    ['/models/starter/chat/config.json', {}, 'model'],
    ['/runtime/ort-1.31/ort.wasm', {}, 'runtime'],
  ] as const)('answers %s %o as %s', (path, request, expected) => {
    expect(route(path, request)).toBe(expected);
  });

  it.each([
    ['another origin', 'https://huggingface.co/x/resolve/main/config.json', {}],
    ['another port', 'https://parley.example:8443/assets/index.js', {}],
    ['a document that is not the page', '/models/starter/chat/README.md', { mode: 'navigate' }],
    ['an address that leads nowhere', '/talk', { mode: 'navigate' }],
    ['a question about size only', '/models/starter/chat/config.json', { method: 'HEAD' }],
    ['a question to the server', '/v1/models', {}],
    ['the state of the server', '/api/v1/health', {}],
    ['anything sent', '/', { method: 'POST', mode: 'navigate' }],
    ['a range', '/models/starter/chat/onnx/model.onnx', { headers: new Headers({ range: 'bytes=9-' }) }],
    ['what is not to be stored', '/models/starter/chat/onnx/model.onnx', { cache: 'no-store' }],
  ])('does not touch %s', (_what, path, request) => {
    expect(route(path, request)).toBe('network');
  });
});
