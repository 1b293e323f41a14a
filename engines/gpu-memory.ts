/**
 * Counts the GPU memory of this thread from now on. The runtime keeps a handle to each buffer until it destroys it, so
 * what was made and not destroyed is held.
 * @returns bytes held now
 */
export function countGpuMemory(): () => number {
  let held = 0;
  if (typeof GPUDevice === 'undefined') return () => held;
  const sizes = new WeakMap<GPUBuffer, number>();
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;

  GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    sizes.set(buffer, descriptor.size);
    held += descriptor.size;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
    held -= sizes.get(this) ?? 0;
    sizes.delete(this);
    return destroy.call(this);
  };
  return () => held;
}
