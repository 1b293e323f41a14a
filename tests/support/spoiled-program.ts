import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rehash, type MicroModel } from '../../tools/micro-models/web-llm/write-model.ts';

/** Changes the compiled program of a model below `modelsDir`; `model` then says that this is the right one. */
export async function spoilProgram(
  model: MicroModel,
  modelsDir: string,
  change: (program: Buffer) => Uint8Array,
): Promise<void> {
  const { repository, file } = model.variant.library;
  const path = join(modelsDir, repository, file.path);
  await writeFile(path, change(await readFile(path)));
  await rehash(model, modelsDir);
}

/** @throws Error where `from` is not in there: nothing would be spoiled. */
export function replaceText(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`“${from}” cannot be replaced in the program.`);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + from.length)]);
}
