import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineName } from '../../../core/models/engines.ts';
import type { EngineConfig } from '../../../engines/engine-config.ts';

/** The files of a model by path; what is no file yet becomes JSON. */
export type ModelFiles = Record<string, object | Uint8Array>;

/** A model in a folder of its own. */
export interface WrittenModel {
  config: EngineConfig;
  /** Where its files lie. */
  folder: string;
  remove(): Promise<void>;
}

export async function writeFiles(folder: string, files: ModelFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content instanceof Uint8Array ? content : JSON.stringify(content));
  }
}

/** Writes a model for Node. */
export async function writeModel(
  engine: EngineName,
  files: ModelFiles,
  dtype: EngineConfig['dtype'] = 'fp32',
): Promise<WrittenModel> {
  const modelsUrl = await mkdtemp(join(tmpdir(), 'parley-micro-'));
  const modelId = `micro/${engine}`;
  const folder = join(modelsUrl, modelId);
  await writeFiles(folder, files);
  return {
    config: { engine, modelId, name: `Micro ${engine}`, modelsUrl, device: 'cpu', dtype, runtimeUrl: '' },
    folder,
    remove: () => rm(modelsUrl, { recursive: true }),
  };
}
