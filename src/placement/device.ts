import type { CatalogModel } from '../../core/models/catalog.ts';
import type { Settings } from '../../core/settings/settings.ts';

export type Device = 'wasm' | 'webgpu';

/** Whether this browser hands out a WebGPU adapter at all. */
export async function hasGpuAdapter(): Promise<boolean> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (gpu === undefined) return false;
  return (await gpu.requestAdapter().catch(() => null)) !== null;
}

/** Where a model runs: as the person asked, else where the catalogue says it runs best, and on wasm without a GPU. */
export function chooseDevice(wish: Settings['device'], model: CatalogModel, gpu: boolean): Device {
  const wanted = wish === 'auto' ? model.prefers : wish;
  return gpu ? wanted : 'wasm';
}
