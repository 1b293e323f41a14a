import { readStartRequest, type StartRequest } from '../state/start-request.ts';

/** Chromium's way to tell a running app that it was started again; not in TypeScript's description of the page. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { targetURL?: string }) => void): void;
}

/**
 * Reads what the page was opened for: by its own address, and, as an installed app that already runs, by the addresses it
 * is started with again (`focus-existing` in the manifest: a running conversation is never navigated away).
 */
export function watchLaunches(
  page: { location: Pick<Location, 'href' | 'pathname'>; history: Pick<History, 'replaceState'> },
  onRequest: (request: StartRequest) => void,
): void {
  const first = new URL(page.location.href);
  if (first.search !== '') {
    onRequest(readStartRequest(first.search));
    // A reload must not ask for the same once more.
    page.history.replaceState(null, '', page.location.pathname);
  }
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  let isFirst = true;
  launchQueue?.setConsumer(({ targetURL }) => {
    const known = isFirst && targetURL === first.href;
    isFirst = false;
    if (targetURL !== undefined && !known) onRequest(readStartRequest(new URL(targetURL).search));
  });
}
