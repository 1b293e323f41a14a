import { AppError } from '../../core/errors.ts';
import type { CatalogModel } from '../../core/models/catalog.ts';
import type { Settings } from '../../core/settings/settings.ts';

export type Device = 'wasm' | 'webgpu';

/** Whether this browser hands out a WebGPU adapter at all. */
export async function hasGpuAdapter(): Promise<boolean> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (gpu === undefined) return false;
  return (await gpu.requestAdapter().catch(() => null)) !== null;
}

/**
 * Where a model runs: as the person asked, else where the catalogue says it runs best, and on wasm without a GPU or a
 * variant for it.
 */
export function chooseDevice(wish: Settings['device'], model: CatalogModel, gpu: boolean): Device {
  const wanted = wish === 'auto' ? model.prefers : wish;
  return gpu && model.variants.webgpu !== undefined ? wanted : 'wasm';
}

/** What a model consists of on a device. @throws AppError `model.missing` where it has no variant for it. */
export function variantOn(
  { name, variants }: CatalogModel,
  device: Device,
): CatalogModel['variants']['wasm'] {
  const variant = variants[device];
  if (variant !== undefined) return variant;
  throw new AppError('model.missing', `${name} does not run on ${device}. Choose another device for it.`);
}

/** All files of the variant together. */
export function variantBytes(model: CatalogModel, device: Device): number {
  return variantOn(model, device).files.reduce((sum, { bytes }) => sum + bytes, 0);
}
