import { buildLockName } from '../service-worker/cache-names.ts';
import type { WorkerMessage } from '../service-worker/messages.ts';

/** The browser looks for another build when a page is opened; a page that stays open asks by itself. */
const ASK_EVERY_MS = 3_600_000;

/** A first load waits for the service worker no longer than this before it goes on without. */
const CONTROL_DEADLINE_MS = 10_000;

export interface ServiceWorkerClientDeps {
  /** Undefined over plain http. */
  container: ServiceWorkerContainer | undefined;
  locks: LockManager | undefined;
  /** Of this page; undefined in development, where there is no service worker. */
  build: string | undefined;
  reload(): void;
  onChange(): void;
}

/** The page's side of the service worker. */
export interface ServiceWorkerClient {
  /**
   * Resolves when all that is fetched from now on is kept for a start without network, or when it will not be: then the
   * page works as long as its server does. Never rejects.
   */
  controlled: Promise<void>;
  updateReady(): boolean;
  /** Puts the waiting build in charge, then reloads. */
  applyUpdate(): void;
}

export function createServiceWorkerClient(deps: ServiceWorkerClientDeps): ServiceWorkerClient {
  const { container, locks, build, reload, onChange } = deps;
  let registration: ServiceWorkerRegistration | undefined;
  /** Another page has put another build in charge; this one goes on with its own files. */
  let replaced = false;
  let reloading = false;

  async function register(container: ServiceWorkerContainer, build: string): Promise<void> {
    // Held as long as the page is open: until then the files of its build stay.
    locks
      ?.request(buildLockName(build), { mode: 'shared' }, () => new Promise<never>(() => {}))
      .catch(() => {});
    let controller = container.controller;
    container.addEventListener('controllerchange', () => {
      if (reloading) return reload();
      replaced ||= controller !== null && controller !== container.controller;
      controller = container.controller;
      return onChange();
    });
    registration = await container.register('/sw.js', { updateViaCache: 'none' });
    follow(registration);
    await control(container, registration);
  }

  function follow(registration: ServiceWorkerRegistration): void {
    const watch = (worker: ServiceWorker | null): void => worker?.addEventListener('statechange', onChange);
    watch(registration.waiting);
    watch(registration.installing);
    registration.addEventListener('updatefound', () => watch(registration.installing));
    setInterval(() => void registration.update().catch(() => {}), ASK_EVERY_MS);
    onChange();
  }

  /** Ends as well where the service worker cannot be installed, or takes itself away. */
  async function control(
    container: ServiceWorkerContainer,
    registration: ServiceWorkerRegistration,
  ): Promise<void> {
    if (container.controller !== null) return tell(registration.active, 'opened');
    const changed = new Promise((resolve) =>
      container.addEventListener('controllerchange', resolve, { once: true }),
    );
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (worker === null) return;
    await reaching(worker, 'activated', 'redundant');
    tell(registration.active, 'opened');
    if (container.controller === null) await Promise.race([changed, reaching(worker, 'redundant')]);
  }

  const deadline = new Promise<void>((resolve) => setTimeout(resolve, CONTROL_DEADLINE_MS));
  const attempt = container && build ? register(container, build) : Promise.resolve();

  return {
    controlled: Promise.race([attempt.catch(() => {}), deadline]),
    updateReady: () => replaced || (registration?.waiting != null && registration.active !== null),
    applyUpdate() {
      reloading = true;
      if (registration?.waiting) tell(registration.waiting, 'take-over');
      else reload();
    },
  };
}

function reaching(worker: ServiceWorker, ...states: ServiceWorkerState[]): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (states.includes(worker.state)) resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

function tell(worker: ServiceWorker | null, message: WorkerMessage): void {
  worker?.postMessage(message);
}
