/** What a browser says of its graphics chip. */
export interface GpuFacts {
  /** Imitated in software: works, and is slower than the processor itself. */
  fallback: boolean;
  shaderF16: boolean;
  /** `maxStorageBufferBindingSize` */
  bindingBytes: number;
  /** `maxComputeWorkgroupStorageSize` */
  workgroupBytes: number;
  /** `maxStorageBuffersPerShaderStage` */
  storageBuffers: number;
}

/** What the page can learn of the device that it runs on. */
export interface DeviceFacts {
  /** Null where the browser hands out no adapter. */
  gpu: GpuFacts | null;
  /** `navigator.deviceMemory`: a rounded number that browsers cap; null where they do not tell (Safari, Firefox). */
  memoryGb: number | null;
  cores: number;
  /** Shared memory exists, so wasm can use several cores. */
  threads: boolean;
  /** What may still be stored; null where the browser does not tell. */
  storageBytes: number | null;
  ios: boolean;
  /** A phone or a tablet. */
  mobile: boolean;
}

/**
 * iOS ends a page at about 1.5 GB (web-llm issue 753 and WebKit bug 268816: a model of 360 MB runs, one of 2.5 GB ends
 * the tab). Half of that is left for the page itself and for what a model needs while it loads.
 */
const IOS_MODELS_MB = 700;
/** Where the browser does not tell, a computer or phone at the low end of what is sold. */
const UNKNOWN_MEMORY_GB = { mobile: 3, desktop: 4 };
/** What Parley takes at most of the whole memory. A phone ends what takes more, for it has nowhere to swap to. */
const MODELS_SHARE = { mobile: 1 / 4, desktop: 1 / 2 };

/**
 * What all models together may take. WebGPU does not tell the memory of a graphics chip, so it counts as the
 * computer's own: true of chips that share it, and seldom too much for those that do not.
 */
export function modelsBudgetMb({ ios, mobile, memoryGb }: DeviceFacts): number {
  if (ios) return IOS_MODELS_MB;
  const kind = mobile ? 'mobile' : 'desktop';
  return (memoryGb ?? UNKNOWN_MEMORY_GB[kind]) * 1024 * MODELS_SHARE[kind];
}
