import type { RuntimePaths } from '../engines/runtime-paths.ts';

/** Set by the Vite plugin `runtimeAssets`. */
declare const __PARLEY_RUNTIME_PATHS__: RuntimePaths;

/** Where the runtimes of the engines lie on this origin. */
export const runtimePaths: RuntimePaths = __PARLEY_RUNTIME_PATHS__;
