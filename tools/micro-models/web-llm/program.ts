import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compiled program of the micro-model, as WebLLM loads one. */
export const PROGRAM_FILE = join(import.meta.dirname, 'program.wasm');
/** Custom section that holds what `hashSources` said when the program was compiled. */
export const SOURCES_SECTION = 'sources';

/** SHA-256 of all that the program is compiled from. */
export function hashSources(): string {
  const hash = createHash('sha256');
  for (const name of ['ffi.h', 'kernels.h', 'memory.c', 'ffi.c', 'tensors.c', 'model.c'])
    hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex');
}
