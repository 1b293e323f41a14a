import { AppError } from '../../core/errors.ts';
import type { Vault } from '../../workers/models/vault.ts';

export interface MemoryVault extends Vault {
  /** By SHA-256, parts included. */
  files: Map<string, Buffer>;
  sealed: Set<string>;
  /** How much fits in all. */
  capacityBytes: number;
}

/** A vault for tests in Node, which keeps to the contract of the one in the page. */
export function createMemoryVault(): MemoryVault {
  const files = new Map<string, Buffer>();
  const sealed = new Set<string>();
  const open = new Set<string>();
  const vault: MemoryVault = {
    files,
    sealed,
    capacityBytes: Infinity,
    look: async (sha256) => ({
      presentBytes: files.get(sha256)?.length ?? 0,
      verified: sealed.has(sha256),
    }),
    async open(sha256) {
      if (open.has(sha256)) throw new Error('The file is open already.');
      open.add(sha256);
      const content = (): Buffer => files.get(sha256) ?? Buffer.alloc(0);
      files.set(sha256, content());
      return {
        size: () => content().length,
        read: (into, at) => content().copy(into, 0, at),
        write(chunk, at) {
          if (at + chunk.length > vault.capacityBytes)
            throw new AppError('storage.full', 'There is no room left.');
          files.set(sha256, Buffer.concat([content().subarray(0, at), chunk]));
        },
        truncate: (size) => void files.set(sha256, content().subarray(0, size)),
        flush: () => {},
        close: () => void open.delete(sha256),
      };
    },
    async seal({ sha256 }) {
      sealed.add(sha256);
    },
    async remove(sha256) {
      if (open.has(sha256)) throw new Error('The file is open.');
      sealed.delete(sha256);
      files.delete(sha256);
    },
  };
  return vault;
}
