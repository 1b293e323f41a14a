import type { Configurable } from '../../boundary/worker-bridge.ts';
import type { Download } from '../../core/models/downloads.ts';
import type { Source } from '../../core/models/source.ts';
import type { FileState } from '../../core/models/store-layout.ts';

export interface ModelsConfig {
  /** The folder of models of this site, with a slash at its end. */
  siteUrl: string;
}

/** What became of a file. */
export interface FileProgress extends FileState {
  sha256: string;
}

/** The thread that fetches, keeps and deletes the files of models. */
export interface ModelsHost extends Configurable<ModelsConfig> {
  /** What is here of these files, in their order. */
  look(hashes: readonly string[]): Promise<FileState[]>;
  /**
   * Fetches what is missing, several files at a time, and tells of it. Leaving the stream stops the work; what came
   * stays. A file that another tab is fetching is waited for.
   * @throws AppError as `fetchFile` does, `model.missing` where the source cannot have it
   */
  fetch(download: Download, source: Source, signal: AbortSignal): AsyncIterable<FileProgress>;
  remove(hashes: readonly string[]): Promise<void>;
}
