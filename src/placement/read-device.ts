import type { DeviceFacts, GpuFacts } from '../../core/placement/device-facts.ts';

/** What browsers know beyond TypeScript's own description. */
interface OpenNavigator {
  gpu?: GPU;
  deviceMemory?: number;
  userAgentData?: { mobile: boolean };
}

/** What is known before the browser was asked for a graphics chip and for room. */
export function knownDevice(): DeviceFacts {
  const { deviceMemory, userAgentData } = navigator as OpenNavigator;
  const ios = isIos();
  return {
    gpu: null,
    memoryGb: deviceMemory ?? null,
    cores: navigator.hardwareConcurrency,
    threads: globalThis.crossOriginIsolated,
    storageBytes: null,
    ios,
    mobile: userAgentData?.mobile ?? (ios || /Android|Mobile/.test(navigator.userAgent)),
  };
}

/** Everything that a page can learn of the device. Never throws: what cannot be asked is null. */
export async function readDevice(): Promise<DeviceFacts> {
  const [gpu, storageBytes] = await Promise.all([readGpu(), readStorage()]);
  return { ...knownDevice(), gpu, storageBytes };
}

/** An iPad calls itself a Mac; a Mac has no touch screen. */
function isIos(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

async function readGpu(): Promise<GpuFacts | null> {
  const adapter = await (navigator as OpenNavigator).gpu?.requestAdapter().catch(() => null);
  if (!adapter) return null;
  const { limits, features } = adapter;
  const old = adapter as { isFallbackAdapter?: boolean };
  return {
    fallback: adapter.info?.isFallbackAdapter ?? old.isFallbackAdapter ?? false,
    shaderF16: features.has('shader-f16'),
    bindingBytes: limits.maxStorageBufferBindingSize,
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
    storageBuffers: limits.maxStorageBuffersPerShaderStage,
  };
}

async function readStorage(): Promise<number | null> {
  const storage = navigator.storage as StorageManager | undefined;
  const estimate = await storage?.estimate?.().catch(() => undefined);
  return estimate?.quota === undefined ? null : estimate.quota - (estimate.usage ?? 0);
}
