/** What a model may ask of the graphics chip. */
export interface GpuFeatures {
  /** Half floats in shaders. */
  shaderF16: boolean;
}

/** Undefined where the page can use no graphics chip. */
export async function readGpuFeatures(): Promise<GpuFeatures | undefined> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return adapter ? { shaderF16: adapter.features.has('shader-f16') } : undefined;
}
