import { fetchModelFile, registerLoad } from '../../../engines/model-files.ts';

/** What to do with a large file; each but `use` is something to compare with. */
export type LoadTask =
  | { kind: 'plain' | 'cache put' | 'cache read' | 'opfs put' | 'opfs read'; url: string }
  | { kind: 'use'; url: string; folder: string; path: string; sha256: string };

export interface LoadAnswer {
  ms: number;
  bytes: number;
}

/** What TypeScript knows in workers only. */
interface Writable {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

const NAME = 'compare';
/** As an engine would, the thread keeps what it was given. */
let kept: ArrayBuffer | undefined;

async function run(task: LoadTask): Promise<number> {
  switch (task.kind) {
    case 'plain':
      return (await (await plainFetch(task.url)).arrayBuffer()).byteLength;
    case 'cache put': {
      const cache = await caches.open(NAME);
      const response = await plainFetch(task.url);
      const bytes = Number(response.headers.get('content-length'));
      await cache.put('/compare', response);
      return bytes;
    }
    case 'cache read':
      return (await (await caches.match('/compare'))!.arrayBuffer()).byteLength;
    case 'opfs put':
      return putIntoFile(await plainFetch(task.url));
    case 'opfs read': {
      const root = await navigator.storage.getDirectory();
      const file = await (await root.getFileHandle(NAME)).getFile();
      return (await file.arrayBuffer()).byteLength;
    }
    default:
      return readAsEngine(task);
  }
}

function plainFetch(url: string): Promise<Response> {
  return fetch(url, { cache: 'no-store' });
}

/** The same steps as the store's, without the hash. */
async function putIntoFile(response: Response): Promise<number> {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle(NAME, { create: true });
  const file = await (
    handle as unknown as { createSyncAccessHandle(): Promise<Writable> }
  ).createSyncAccessHandle();
  file.truncate(0);
  let at = 0;
  for await (const chunk of response.body!) at += file.write(chunk, { at });
  file.flush();
  file.close();
  return at;
}

async function readAsEngine({ folder, path, sha256 }: LoadTask & { kind: 'use' }): Promise<number> {
  const unregister = registerLoad({
    path: folder,
    model: { name: 'Dummy', modelId: folder },
    hashes: new Map([[path, sha256]]),
    signal: new AbortController().signal,
    report: () => {},
  });
  const response = (await fetchModelFile(`${folder}/${path}`)) as Response;
  kept = await response.arrayBuffer();
  unregister();
  return kept.byteLength;
}

async function answer(task: LoadTask): Promise<void> {
  const startMs = performance.now();
  const bytes = await run(task);
  self.postMessage({ ms: performance.now() - startMs, bytes } satisfies LoadAnswer);
}

self.addEventListener('message', ({ data }: MessageEvent<LoadTask>) => {
  // Reaches the page as an error of the worker, which a rejection alone does not.
  answer(data).catch(reportError);
});
