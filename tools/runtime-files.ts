import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RuntimePaths } from '../engines/runtime-paths.ts';

export interface RuntimeFiles {
  paths: RuntimePaths;
  /** Path in the build (no leading "/") → content: a file on disk, or text. */
  files: ReadonlyMap<string, { file: string } | { text: string }>;
}

/** The plain runtime carries everything on wasm; `.asyncify`, twice the size and slower, is for WebGPU. */
const ORT_FILES = [
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
] as const;
const SILERO_FILE = 'silero_vad_v6.onnx';
const ESPEAK_FILES = ['espeak-ng.js', 'espeak-ng.data', 'COPYING', 'README.md'];

/** Finds the runtimes in the installed packages. */
export function findRuntimeFiles(): RuntimeFiles {
  const ort = findPackage('onnxruntime-web');
  const vad = findPackage('@ricky0123/vad-web');
  const espeak = findPackage('@echogarden/espeak-ng-emscripten');
  const ortFolder = `runtime/ort-${ort.version}/`;
  const sileroFolder = `runtime/silero-${vad.version}/`;
  const espeakFolder = `runtime/espeak-ng-${espeak.version}/`;
  const files: [string, { file: string } | { text: string }][] = [
    ...ORT_FILES.map((name): [string, { file: string }] => [
      ortFolder + name,
      { file: join(ort.folder, 'dist', name) },
    ]),
    [sileroFolder + SILERO_FILE, { file: join(vad.folder, 'dist', SILERO_FILE) }],
    ...ESPEAK_FILES.map((name): [string, { file: string }] => [
      espeakFolder + name,
      { file: join(espeak.folder, name) },
    ]),
    [`${espeakFolder}SOURCE.txt`, { text: espeakSource(espeak.version) }],
  ];
  return {
    paths: {
      ort: `/${ortFolder}`,
      silero: `/${sileroFolder}${SILERO_FILE}`,
      espeak: `/${espeakFolder}`,
      bytes: {
        silero:
          sizeOf(join(vad.folder, 'dist', SILERO_FILE)) + sizeOf(join(ort.folder, 'dist', ORT_FILES[1])),
        gpuRuntime: sizeOf(join(ort.folder, 'dist', ORT_FILES[3])),
        espeak: sizeOf(join(espeak.folder, 'espeak-ng.data')) + sizeOf(join(espeak.folder, 'espeak-ng.js')),
      },
    },
    files: new Map(files),
  };
}

function sizeOf(file: string): number {
  return statSync(file).size;
}

function findPackage(name: string): { version: string; folder: string } {
  const require = createRequire(import.meta.url);
  let folder = dirname(require.resolve(name));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      if (manifest['name'] === name && manifest['version']) return { version: manifest['version'], folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    folder = dirname(folder);
  }
}

function espeakSource(version: string): string {
  return `eSpeak NG, compiled to JavaScript: @echogarden/espeak-ng-emscripten ${version}

The files espeak-ng.js and espeak-ng.data beside this text are an unmodified copy of the files of that npm package.
They are free software under the GNU General Public License, version 3 or later: see COPYING. They come without any
warranty.

Parley fetches them as a separate program, when a voice is wanted, and is not itself under that licence. Parley works
without them: delete this folder, and it answers in writing.

The complete corresponding source, with its build script (build-emscripten.sh):
  https://github.com/echogarden-project/espeak-ng  (branch "fork")
  https://github.com/echogarden-project/espeak-ng-emscripten
Whoever gave you these files owes you the source as well: ask them for it if those addresses should fail you.
`;
}
