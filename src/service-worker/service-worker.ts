import { createKept } from './kept.ts';
import type { WorkerMessage } from './messages.ts';
import { routeOf } from './route.ts';
import { answerFile, answerPage, fetchShell, tidy, type Shell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;
/** Set by tools/service-worker.ts. */
declare const __PARLEY_SHELL__: Shell;

const shell = __PARLEY_SHELL__;
const kept = createKept();

self.addEventListener('install', (event) => {
  // Without the catalogue the page works as long as the server does; the next load brings it.
  event.waitUntil(Promise.all([fetchShell(shell), kept.fetchCatalogue().catch(() => {})]));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(settle());
});

self.addEventListener('message', (event) => {
  const message = event.data as WorkerMessage;
  if (message === 'take-over') event.waitUntil(self.skipWaiting());
  if (message === 'opened') event.waitUntil(settle());
});

async function settle(): Promise<void> {
  await Promise.all([tidy(shell, self.registration), self.clients.claim()]);
}

self.addEventListener('fetch', (event) => {
  switch (routeOf(event.request, self.location.origin)) {
    case 'network':
      return undefined;
    case 'page':
      return event.respondWith(answerPage(event.request, shell));
    case 'catalogue':
      return event.respondWith(kept.answerCatalogue(event));
    case 'model':
      return event.respondWith(kept.answerModel(event));
    case 'runtime':
      return event.respondWith(kept.answerRuntime(event));
    case 'file':
      return event.respondWith(answerFile(event, shell));
  }
});
