import { isStored, presentBytes } from '../../core/models/downloads.ts';
import type { Download } from '../../core/models/downloads.ts';
import type { Pace } from '../../core/models/pace.ts';
import type { FileState } from '../../core/models/store-layout.ts';
import type { DownloadStatus } from '../state/model-store.ts';

/** What is known of all downloads at a moment. */
export interface Known {
  files: ReadonlyMap<string, FileState>;
  /** Of the downloads that run, in this tab or in another. */
  paces: ReadonlyMap<string, Pace>;
  errors: ReadonlyMap<string, string>;
  /** What was begun, and what was whole once. */
  kept: ReadonlyMap<string, 'begun' | 'stored'>;
  nowMs: number;
}

/** Where a download stands. A part that another model brought along does not count as begun. */
export function statusOf(download: Download, known: Known): DownloadStatus {
  const present = presentBytes(download, known.files);
  const pace = known.paces.get(download.id);
  const error = known.errors.get(download.id);
  const kept = known.kept.get(download.id);
  const status = { download, presentBytes: present };
  if (pace !== undefined) {
    const bytesPerSecond = pace.bytesPerSecond(known.nowMs);
    return { ...status, state: 'downloading', ...(bytesPerSecond !== undefined && { bytesPerSecond }) };
  }
  if (isStored(download, known.files)) return { ...status, state: 'stored' };
  if (error !== undefined) return { ...status, state: 'failed', error };
  if (kept === 'stored') return { ...status, state: 'lost' };
  return { ...status, state: kept === 'begun' && present > 0 ? 'paused' : 'absent' };
}
