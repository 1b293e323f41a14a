import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base } from '@playwright/test';
import { watch } from '../support/guard.ts';
import { expect, test as guarded } from '../support/test.ts';

/** A page that is watched, but whose problems the test reads itself. */
const test = base.extend<{ problems: () => string[] }>({
  problems: async ({ context, page, baseURL }, provide) => {
    const guard = watch(context, String(baseURL));
    await page.goto('/');
    await provide(() => guard.problems());
  },
});

const seen = (problems: () => string[]) => expect.poll(() => problems().join('\n'));

test('the guard sees a page that asks another origin', async ({ page, problems }) => {
  await page.evaluate(() => fetch('http://127.0.0.1:9/').catch(() => undefined));
  await seen(problems).toMatch(/violates .*connect-src|request to another origin: http:\/\/127\.0\.0\.1:9\//);
});

test('the guard sees a worker that asks another origin', async ({ page, problems }) => {
  await page.route('**/assets/probe.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'cross-origin-embedder-policy': 'require-corp' },
      body: "fetch('http://127.0.0.1:9/', { mode: 'no-cors' }).catch(() => undefined).then(() => postMessage('asked'))",
    }),
  );
  await page.evaluate(
    () =>
      new Promise((resolve) =>
        new Worker('/assets/probe.js').addEventListener('message', resolve, { once: true }),
      ),
  );
  await seen(problems).toContain('request to another origin: http://127.0.0.1:9/');
});

test.describe('a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the guard sees one that asks another origin', async ({ page, context }) => {
    // Without a policy, which would stop the request before anybody sees it.
    const server = createServer((request, response) => {
      const script = "fetch('http://127.0.0.1:9/').catch(() => undefined)";
      response.setHeader('content-type', request.url === '/probe.js' ? 'text/javascript' : 'text/html');
      response.end(request.url === '/probe.js' ? script : '<!doctype html><title>A page</title>');
    }).listen(0, 'localhost');
    await once(server, 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const guard = watch(context, url);
    await page.goto(url);
    await page.evaluate(() => navigator.serviceWorker.register('/probe.js'));
    await seen(() => guard.problems()).toContain('request to another origin: http://127.0.0.1:9/');
    server.close();
  });
});

test('the guard sees an error nobody caught', async ({ page, problems }) => {
  await page.evaluate(() => void Promise.reject(new Error('lost')));
  await seen(problems).toContain('uncaught: lost');
});

test('markup made from a string is refused, and seen', async ({ page, problems }) => {
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<b>hello</b>';
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
  await seen(problems).toContain('TrustedHTML');
});

test('a script written as text is refused', async ({ page }) => {
  await page.goto('/');
  const ran = await page.evaluate(() => {
    try {
      const script = document.createElement('script');
      script.textContent = 'document.title = "ran"';
      document.body.append(script);
    } catch {
      // The policy may refuse the text or the run: what counts is that nothing ran.
    }
    return document.title === 'ran';
  });
  expect(ran).toBe(false);
});

test('a worker from another origin is refused', async ({ page }) => {
  await page.goto('/');
  const refused = await page.evaluate(() => {
    try {
      return !(new Worker('http://127.0.0.1:9/worker.js') instanceof Worker);
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
});

guarded('the page is isolated, so that wasm may use threads', async ({ page }) => {
  await page.goto('/');
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
});
