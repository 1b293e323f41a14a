/**
 * The page behind `npm run bench:load`: the product's own store and the product's own way of reading a model file in the
 * thread of an engine, with nothing around them. The address's hash is the mirror that models come from.
 */
import '../../../core/no-eval.ts';
import { createModelStore } from '../../../src/models/model-store.ts';
import { loadListing } from '../../../src/models/load-listing.ts';
import { createSettingsStore } from '../../../src/state/settings-store.ts';
import { allowOwnWorkers } from '../../../src/trusted-types.ts';
import type { LoadAnswer, LoadTask } from './load.worker.ts';

declare global {
  interface Window {
    load: {
      /** Fetches the model into the store. @returns how long it took, in ms */
      keep(): Promise<number>;
      forget(): Promise<void>;
      /** Hands the model to the thread of an engine, which keeps it. @returns how long it took, in ms */
      use(): Promise<number>;
      /** Something to compare with, in a thread of its own. @returns how long it took, in ms */
      compare(kind: Exclude<LoadTask['kind'], 'use'>): Promise<number>;
    };
  }
}

allowOwnWorkers();
const settings = createSettingsStore(() => sessionStorage);
const mirrorUrl = decodeURIComponent(location.hash.slice(1));
settings.set({ modelSource: { kind: 'mirror', mirrorUrl } });
const store = createModelStore((await loadListing()).listing, settings);
const [download] = store.get().offers[0]!.downloads;
if (download === undefined) throw new Error('The catalogue has nothing to download.');
const [file] = download.files;
const url = `${mirrorUrl}/${file!.repository}/resolve/${file!.revision}/${file!.path}`;
let engine: Worker | undefined;

function ask(worker: Worker, task: LoadTask): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<LoadAnswer>) => {
      if (data.bytes === file!.bytes) resolve(data.ms);
      else reject(new Error(`${task.kind}: ${data.bytes} of ${file!.bytes} bytes`));
    });
    worker.postMessage(task);
  });
}

function startThread(): Worker {
  return new Worker(new URL('./load.worker.ts', import.meta.url), { type: 'module' });
}

window.load = {
  async keep() {
    const startMs = performance.now();
    await store.ensure(download.id);
    return performance.now() - startMs;
  },
  forget: () => store.remove(download.id),
  use() {
    engine?.terminate();
    engine = startThread();
    const { path, sha256, repository } = file!;
    return ask(engine, { kind: 'use', folder: `/models/${repository}`, path, sha256, url });
  },
  async compare(kind) {
    const thread = startThread();
    try {
      return await ask(thread, { kind, url });
    } finally {
      thread.terminate();
    }
  },
};
