import { buildOfCache, KEPT_CACHE } from './cache-names.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * The way back: served in place of sw.js, this takes the service worker off every device that asks for an update. It
 * deletes what the service worker kept and answers nothing; open pages go on, and from then on load from the server.
 */
self.addEventListener('install', () => void self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(remove());
});

async function remove(): Promise<void> {
  for (const name of await caches.keys())
    if (name === KEPT_CACHE || buildOfCache(name) !== undefined) await caches.delete(name);
  await self.registration.unregister();
}
