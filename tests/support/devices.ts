import type { DeviceFacts, GpuFacts } from '../../core/placement/device-facts.ts';

const GB = 1_000_000_000;

export function gpu(facts: Partial<GpuFacts> = {}): GpuFacts {
  return {
    fallback: false,
    shaderF16: true,
    bindingBytes: 2 ** 30,
    workgroupBytes: 32_768,
    storageBuffers: 10,
    ...facts,
  };
}

/** A chip from before 16-bit shaders. */
export const oldGpu = gpu({ shaderF16: false });
/** What WebGPU promises of every adapter, and no more. */
export const leastGpu = gpu({
  shaderF16: false,
  bindingBytes: 2 ** 27,
  workgroupBytes: 16_384,
  storageBuffers: 8,
});
export const emulatedGpu = gpu({ fallback: true, shaderF16: false });

export function desktop(
  memoryGb: number | null,
  cores: number,
  chip: GpuFacts | null,
  more: Partial<DeviceFacts> = {},
): DeviceFacts {
  return {
    gpu: chip,
    memoryGb,
    cores,
    threads: true,
    storageBytes: 100 * GB,
    ios: false,
    mobile: false,
    ...more,
  };
}

export function android(memoryGb: number | null, cores: number, chip: GpuFacts | null): DeviceFacts {
  return desktop(memoryGb, cores, chip, { mobile: true, storageBytes: 20 * GB });
}

/** Safari on iOS tells no memory. */
export function iphone(cores: number, chip: GpuFacts | null): DeviceFacts {
  return desktop(null, cores, chip, { ios: true, mobile: true, storageBytes: 10 * GB });
}
