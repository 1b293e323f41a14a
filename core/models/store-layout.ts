import { z } from 'zod';
import { sha256 } from './listing.ts';

/**
 * How models lie in the page's own file storage (OPFS): one folder, each file under its SHA-256, so that models that
 * share a file share it here. A file is whole and right exactly when its marker lies beside it; without one it is the
 * beginning of a download.
 */
export const STORE_FOLDER = 'models';

export function markerName(sha256: string): string {
  return `${sha256}.verified`;
}

/** What the marker holds. A file of another size than this has been tampered with or half removed. */
export const markerSchema = z.object({ sha256, bytes: z.int().nonnegative() });
export type Marker = z.infer<typeof markerSchema>;

/** What is here of a file. */
export interface FileState {
  presentBytes: number;
  verified: boolean;
}
