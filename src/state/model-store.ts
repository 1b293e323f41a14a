import type { Download, Offer } from '../../core/models/downloads.ts';
import type { GpuFeatures } from '../models/gpu-features.ts';
import type { Space } from '../models/space.ts';
import type { Observable } from './conversation.ts';

export interface DownloadStatus {
  download: Download;
  /**
   * `absent`: nothing is here. `paused`: a part is. `downloading`, here or in another tab. `stored`: whole and right.
   * `lost`: it was stored, and the browser or the person took it away. `failed`: `error` says why; a part may be here.
   */
  state: 'absent' | 'paused' | 'downloading' | 'stored' | 'lost' | 'failed';
  presentBytes: number;
  /** While downloading, once it can be judged; 0 while nothing comes. */
  bytesPerSecond?: number;
  /** In words for the person, when `state` is `failed`. */
  error?: string;
}

export interface ModelStoreView {
  offers: readonly Offer[];
  /** By the id of the download. */
  downloads: ReadonlyMap<string, DownloadStatus>;
  /** Undefined until it was asked, and where the browser does not say. */
  space?: Space;
  /** Undefined until it was asked, and where there is none. */
  gpu?: GpuFeatures;
  /** Why this page can keep no models at all, in words. */
  unavailable?: string;
}

/** The models that this device keeps, and how others come here. */
export interface ModelStore extends Observable<ModelStoreView> {
  /** Looks at what is here: after the start, and whenever something may have been taken away. */
  refresh(): Promise<void>;
  /**
   * Fetches what is missing, going on where it stopped; resolves when all is here and right. Giving up with the signal
   * leaves the download going.
   * @throws AppError `input.invalid`, `storage.full`, `storage.unavailable`, `model.missing`, `model.corrupt`,
   *   `hub.unreachable`, `hub.denied`, `aborted` when it is paused
   */
  ensure(id: string, signal?: AbortSignal): Promise<void>;
  /** Stops a download in whichever tab it runs; what came stays. */
  pause(id: string): void;
  /** Deletes what only this download has use for. */
  remove(id: string): Promise<void>;
}
