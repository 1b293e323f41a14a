import type { CatalogModel } from '../../core/models/catalog.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { chooseDevice, variantBytes, type Device } from './device.ts';

type Placed = 'stt' | 'llm';

export interface Placement {
  device: Device;
  /** All that loading the model fetches. */
  totalBytes: number;
}

export interface PlanInput {
  wish: Settings['device'];
  gpu: boolean;
  models: Readonly<Record<Placed, CatalogModel>>;
  /** What the runtime for WebGPU weighs. */
  gpuRuntimeBytes: number;
}

/** Where both models run. The runtime for WebGPU is fetched once and counts with the first model that needs it. */
export function planModels({ wish, gpu, models, gpuRuntimeBytes }: PlanInput): Record<Placed, Placement> {
  const device = (name: Placed): Device => chooseDevice(wish, models[name], gpu);
  const runtimeOf = device('stt') === 'webgpu' ? 'stt' : device('llm') === 'webgpu' ? 'llm' : undefined;
  const place = (name: Placed): Placement => {
    const modelBytes = variantBytes(models[name], device(name));
    return {
      device: device(name),
      totalBytes: modelBytes + (name === runtimeOf ? gpuRuntimeBytes : 0),
    };
  };
  return { stt: place('stt'), llm: place('llm') };
}
