import { AppError } from '../../core/errors.ts';
import { markerName, STORE_FOLDER } from '../../core/models/store-layout.ts';
import { findStored } from '../../engines/stored-file.ts';
import type { Vault } from './vault.ts';

/** The vault in the page's private file system. It writes through handles that exist in workers only. */
export function createOpfsVault(): Vault {
  async function folder(): Promise<FileSystemDirectoryHandle> {
    try {
      const root = await navigator.storage.getDirectory();
      return await root.getDirectoryHandle(STORE_FOLDER, { create: true });
    } catch (cause) {
      const message =
        'This browser keeps no files for this page, as some do in private windows. Open it in an ordinary window to download models.';
      throw new AppError('storage.unavailable', message, { cause });
    }
  }

  async function openForWriting(name: string): Promise<FileSystemSyncAccessHandle> {
    try {
      const file = await (await folder()).getFileHandle(name, { create: true });
      return await file.createSyncAccessHandle();
    } catch (error) {
      throw inWords(error);
    }
  }

  return {
    async look(sha256) {
      const stored = await findStored(sha256);
      if (stored !== undefined) return { presentBytes: stored.size, verified: true };
      const part = await (
        await folder()
      )
        .getFileHandle(sha256)
        .then((handle) => handle.getFile())
        .catch(() => undefined);
      return { presentBytes: part?.size ?? 0, verified: false };
    },
    async open(sha256) {
      const handle = await openForWriting(sha256);
      return {
        size: () => handle.getSize(),
        read: (into, at) => handle.read(into, { at }),
        write: (chunk, at) => writeAll(handle, chunk, at),
        truncate: (size) => attempt(() => handle.truncate(size)),
        flush: () => attempt(() => handle.flush()),
        close: () => handle.close(),
      };
    },
    async seal(marker) {
      const handle = await openForWriting(markerName(marker.sha256));
      try {
        handle.truncate(0);
        writeAll(handle, new TextEncoder().encode(JSON.stringify(marker)), 0);
        attempt(() => handle.flush());
      } finally {
        handle.close();
      }
    },
    async remove(sha256) {
      const store = await folder();
      // The marker first: a file without one is never used.
      for (const name of [markerName(sha256), sha256]) {
        await store.removeEntry(name).catch((error: unknown) => {
          if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error;
        });
      }
    },
  };
}

function writeAll(handle: FileSystemSyncAccessHandle, chunk: Uint8Array, at: number): void {
  for (let done = 0; done < chunk.length;) {
    const written = attempt(() => handle.write(chunk.subarray(done), { at: at + done }));
    if (written === 0) throw full('nothing was written');
    done += written;
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw inWords(error);
  }
}

/** Any step of writing may be the one that meets the quota, opening and closing included. */
function inWords(error: unknown): unknown {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
  return isFull ? full(error) : error;
}

function full(cause: unknown): AppError {
  const message =
    'There is no room left for this model. Delete another one here or make room on the disk, then try again: what came so far is kept.';
  return new AppError('storage.full', message, { cause });
}
