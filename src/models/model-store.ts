import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import type { WorkerBridge } from '../../boundary/worker-bridge.ts';
import { orAborted } from '../../core/abortable.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { isStored, offersOf, presentBytes, removableFiles } from '../../core/models/downloads.ts';
import type { Download } from '../../core/models/downloads.ts';
import type { Listing } from '../../core/models/listing.ts';
import { createPace } from '../../core/models/pace.ts';
import type { Pace } from '../../core/models/pace.ts';
import { nameOfSource, sourceOf } from '../../core/models/source.ts';
import type { Source } from '../../core/models/source.ts';
import type { FileState } from '../../core/models/store-layout.ts';
import type { FileProgress, ModelsHost } from '../../workers/models/host-api.ts';
import type { ModelStore, ModelStoreView } from '../state/model-store.ts';
import type { SettingsStore } from '../state/settings-store.ts';
import { isAllowed } from './allowed-source.ts';
import { createDownloadLocks } from './download-locks.ts';
import { readGpuFeatures } from './gpu-features.ts';
import type { GpuFeatures } from './gpu-features.ts';
import { createKeptModels } from './kept-models.ts';
import { assertRoom, keepForGood, measureSpace } from './space.ts';
import type { Space } from './space.ts';
import { statusOf } from './store-status.ts';
import { createTabChannel } from './tab-channel.ts';

/** A download that runs in this tab. */
interface Job {
  done: Promise<void>;
  controller: AbortController;
}

/** Speed and time left are told anew this often, also while nothing comes. */
const TICK_MS = 1_000;

export function createModelStore(listing: Listing, settings: SettingsStore): ModelStore {
  const offers = offersOf(listing);
  const downloads = new Map(offers.flatMap((offer) => offer.downloads.map((each) => [each.id, each])));
  const listeners = new Set<() => void>();
  const files = new Map<string, FileState>();
  const jobs = new Map<string, Job>();
  const paces = new Map<string, Pace>();
  const errors = new Map<string, string>();
  const kept = createKeptModels(() => localStorage);
  const locks = createDownloadLocks();
  const tabs = createTabChannel();
  const bridge = createModelsBridge();
  let space: Space | undefined;
  let gpu: GpuFeatures | undefined;
  let unavailable = whyUnavailable();
  let ticking: ReturnType<typeof setInterval> | undefined;
  let view = makeView();

  function makeView(): ModelStoreView {
    const known = { files, paces, errors, kept: kept.get(), nowMs: performance.now() };
    const statuses = [...downloads].map(([id, download]) => [id, statusOf(download, known)] as const);
    return {
      offers,
      downloads: new Map(statuses),
      ...(space && { space }),
      ...(gpu && { gpu }),
      ...(unavailable !== undefined && { unavailable }),
    };
  }

  function change(): void {
    view = makeView();
    for (const listener of listeners) listener();
  }

  function apply(changed: readonly FileProgress[]): void {
    for (const { sha256, ...state } of changed) files.set(sha256, state);
    for (const [id, pace] of paces) pace.add(performance.now(), presentBytes(downloads.get(id)!, files));
    change();
  }

  async function look(wanted: readonly Download[]): Promise<void> {
    const hashes = [...new Set(wanted.flatMap((each) => each.files.map(({ sha256 }) => sha256)))];
    const states = await bridge.call('look', hashes);
    hashes.forEach((sha256, index) => files.set(sha256, states[index]!));
  }

  /** From now on its speed is measured, until `stopMeasuring`. */
  function startMeasuring(id: string): void {
    paces.set(id, createPace());
    ticking ??= setInterval(change, TICK_MS);
    change();
  }

  function stopMeasuring(id: string): void {
    paces.delete(id);
    if (paces.size === 0) {
      clearInterval(ticking);
      ticking = undefined;
    }
  }

  /** Another tab fetches it: what it tells is shown here, and when it ends, what is here is looked at. */
  function follow(id: string): void {
    if (paces.has(id) || !downloads.has(id)) return;
    startMeasuring(id);
    void locks.ended(id).then(() => {
      if (jobs.has(id)) return;
      stopMeasuring(id);
      return refresh();
    });
  }

  async function refresh(): Promise<void> {
    if (unavailable !== undefined) return;
    try {
      gpu ??= await readGpuFeatures();
      const [held] = await Promise.all([locks.held(), look([...downloads.values()])]);
      for (const id of held) if (!jobs.has(id)) follow(id);
      space = await measureSpace();
    } catch (error) {
      const { code, message } = toAppError(error);
      if (code === 'storage.unavailable') unavailable = message;
    }
    change();
  }

  function begin(download: Download): Job {
    const controller = new AbortController();
    const job: Job = { controller, done: run(download, controller.signal) };
    jobs.set(download.id, job);
    // Whoever waits hears of it; the view tells everybody else.
    job.done.catch(() => {});
    return job;
  }

  async function run(download: Download, signal: AbortSignal): Promise<void> {
    const { id } = download;
    errors.delete(id);
    startMeasuring(id);
    try {
      if (unavailable !== undefined) throw new AppError('storage.unavailable', unavailable);
      const source = sourceOf(settings.get().modelSource);
      if (!(await isAllowed(source))) throw notAllowed(source);
      await locks.hold(id, signal, () => fetchMissing(download, source, signal));
      kept.set(id, 'stored');
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'aborted') errors.set(id, failure.message);
      throw failure;
    } finally {
      jobs.delete(id);
      stopMeasuring(id);
      space = await measureSpace();
      change();
    }
  }

  async function fetchMissing(download: Download, source: Source, signal: AbortSignal): Promise<void> {
    await look([download]);
    if (isStored(download, files)) return;
    assertRoom(download.bytes - presentBytes(download, files), await measureSpace());
    void keepForGood();
    kept.set(download.id, 'begun');
    tabs.post({ type: 'began', id: download.id });
    for await (const progress of bridge.stream('fetch', download, source, signal)) {
      apply([progress]);
      tabs.post({ type: 'files', files: [progress] });
    }
  }

  async function remove(download: Download): Promise<void> {
    const { id } = download;
    pause(id);
    await jobs.get(id)?.done.catch(() => {});
    await locks.hold(id, new AbortController().signal, async () => {
      kept.remove(id);
      const others = [...kept.get().keys()].flatMap((each) => downloads.get(each) ?? []);
      await bridge.call('remove', removableFiles(download, others));
    });
    errors.delete(id);
    tabs.post({ type: 'changed' });
    await refresh();
  }

  function pause(id: string): void {
    jobs.get(id)?.controller.abort();
    tabs.post({ type: 'pause', id });
  }

  tabs.onMessage((message) => {
    if (message.type === 'files') apply(message.files);
    else if (message.type === 'began') follow(message.id);
    else if (message.type === 'pause') jobs.get(message.id)?.controller.abort();
    else void refresh();
  });

  return {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    async ensure(id, signal) {
      const download = downloads.get(id);
      if (download === undefined) {
        throw new AppError('input.invalid', `The catalogue knows no download “${id}”. Reload the page.`);
      }
      const { done } = jobs.get(id) ?? begin(download);
      await (signal === undefined ? done : orAborted(done, signal));
    },
    pause,
    async remove(id) {
      const download = downloads.get(id);
      if (download !== undefined) await remove(download);
    },
  };
}

function createModelsBridge(): WorkerBridge<ModelsHost> {
  return createWorkerBridge<ModelsHost>({
    name: 'The download',
    spawn: () =>
      new Worker(new URL('../../workers/models.worker.ts', import.meta.url), {
        type: 'module',
        name: 'models',
      }),
    config: { siteUrl: new URL('/models/', location.href).href },
  });
}

/** Files, locks and their like exist in secure contexts only. */
function whyUnavailable(): string | undefined {
  if (isSecureContext) return undefined;
  return 'Browsers keep no files for a page that came over plain http. Open Parley over https:// or on this computer to download models.';
}

function notAllowed(source: Source): AppError {
  return new AppError(
    'hub.denied',
    `This page may not fetch from ${nameOfSource(source)}. Whoever runs this site can allow it with MODEL_SOURCES; until then choose “This site”.`,
  );
}
