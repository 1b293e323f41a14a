import { createSHA256 } from 'hash-wasm';
import { createChannel } from '../../core/channel.ts';
import { AppError } from '../../core/errors.ts';
import type { RemoteFile } from '../../core/models/downloads.ts';
import { fileUrl, nameOfSource } from '../../core/models/source.ts';
import type { Source } from '../../core/models/source.ts';
import { inParallel } from '../../core/parallel.ts';
import { watchBlocked } from './blocked.ts';
import { fetchFile } from './fetch-file.ts';
import type { FetchFileDeps, Hash } from './fetch-file.ts';
import type { FileProgress, ModelsHost } from './host-api.ts';
import { createOpfsVault } from './opfs-vault.ts';

/** As many connections as pay on a fast network without starving the rest of the page. */
const FILES_AT_ONCE = 3;
/** More often than this nobody sees. */
const TELL_EVERY_MS = 100;
/** Longer than mobile networks pause, shorter than a person waits. */
const STALL_MS = 20_000;

export function createModelsHost(): ModelsHost {
  const vault = createOpfsVault();
  const isBlocked = watchBlocked();
  let siteUrl = '';

  async function fetchOne(
    file: RemoteFile,
    source: Source,
    signal: AbortSignal,
    tell: (progress: FileProgress) => void,
  ): Promise<void> {
    const { sha256, bytes } = file;
    const url = fileUrl(source, file, siteUrl);
    if (url === undefined) throw noRevision(file, source);
    let latest = 0;
    let telling: ReturnType<typeof setTimeout> | undefined;
    const onBytes = (presentBytes: number): void => {
      latest = presentBytes;
      telling ??= setTimeout(() => {
        telling = undefined;
        tell({ sha256, presentBytes: latest, verified: false });
      }, TELL_EVERY_MS);
    };
    try {
      await exclusively(sha256, signal, async () => {
        const { verified } = await vault.look(sha256);
        const deps: FetchFileDeps = { vault, createHash, isBlocked, sleep, signal, stallMs: STALL_MS };
        if (!verified) await fetchFile({ file, source, url, onBytes }, deps);
      });
    } finally {
      clearTimeout(telling);
    }
    tell({ sha256, presentBytes: bytes, verified: true });
  }

  return {
    configure(config) {
      ({ siteUrl } = config);
    },
    look: (hashes) => Promise.all(hashes.map((sha256) => vault.look(sha256))),
    fetch(download, source, signal) {
      const left = new AbortController();
      const channel = createChannel<FileProgress>(() => left.abort());
      const either = AbortSignal.any([signal, left.signal]);
      // The same file twice in a list would wait for itself.
      const files = [...new Map(download.files.map((file) => [file.sha256, file])).values()];
      inParallel(files, FILES_AT_ONCE, either, (file, signal) =>
        fetchOne(file, source, signal, (progress) => channel.push(progress)),
      ).then(
        () => channel.close(),
        (error: unknown) => channel.close(error),
      );
      return channel;
    },
    async remove(hashes) {
      const never = new AbortController().signal;
      for (const sha256 of hashes) await exclusively(sha256, never, () => vault.remove(sha256));
    },
  };
}

/** One thread of all tabs at a time has to do with a file. */
async function exclusively(sha256: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(`parley.model-file.${sha256}`, { signal }, work);
}

async function createHash(): Promise<Hash> {
  const hash = await createSHA256();
  return hash.init();
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new AppError('aborted', 'The work was cancelled.'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

function noRevision({ repository }: RemoteFile, source: Source): AppError {
  return new AppError(
    'model.missing',
    `${repository} comes from this site only: this catalogue names no revision of it at a hub. Choose another source than ${nameOfSource(source)}.`,
  );
}
