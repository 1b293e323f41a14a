import type { FileState, Marker } from '../../core/models/store-layout.ts';

/** A file that is being fetched, open for this thread alone. */
export interface Part {
  size(): number;
  /** @returns how many bytes there were to read */
  read(into: Uint8Array, at: number): number;
  /** @throws AppError `storage.full` */
  write(chunk: Uint8Array, at: number): void;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Where model files are kept, each under its SHA-256. */
export interface Vault {
  look(sha256: string): Promise<FileState>;
  /** Opens the beginning of a file, an empty one where there is none. @throws AppError `storage.unavailable` */
  open(sha256: string): Promise<Part>;
  /** From now on the file counts as whole and right. */
  seal(marker: Marker): Promise<void>;
  /** Also a file that is not there. */
  remove(sha256: string): Promise<void>;
}
