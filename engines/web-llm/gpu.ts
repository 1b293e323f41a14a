import { AppError } from '../../core/errors.ts';
import { gpuUnavailable } from '../load-failure.ts';
import type { WebLlmConfig } from './config.ts';

/** How long after an error the browser may take to say that the GPU was lost: it tells by a task of its own. */
const LOSS_NEWS_MS = 250;

/** The GPU that WebLLM is given. */
export interface ClaimedGpu {
  /** Whether it has been lost, or is being lost now. */
  isLost(): Promise<boolean>;
  /** WebLLM has asked for its device; whoever asks next gets an adapter of their own. */
  handedOver(): void;
  /** Frees all that was put on it. */
  destroy(): void;
}

/**
 * Finds a GPU that can run a model, before anything of the model is fetched. WebLLM asks for an adapter and a device
 * itself and keeps them to itself: it is given this one, so that its loss is seen.
 * @throws AppError `gpu.unavailable`
 */
export async function claimGpu({ name, shaderF16 }: WebLlmConfig): Promise<ClaimedGpu> {
  const { gpu } = navigator as { gpu?: GPU };
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!gpu || !adapter) throw gpuUnavailable();
  if (shaderF16 && !adapter.features.has('shader-f16')) {
    throw new AppError(
      'gpu.unavailable',
      `${name} computes with 16-bit numbers, which this GPU lacks. Choose its 32-bit form or another model.`,
    );
  }
  let device: GPUDevice | undefined;
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (descriptor) => (device = await requestDevice(descriptor));
  gpu.requestAdapter = async () => adapter;
  return {
    async isLost() {
      if (device === undefined) return false;
      const noNews = new Promise<false>((resolve) => setTimeout(resolve, LOSS_NEWS_MS, false));
      return Promise.race([device.lost.then(() => true), noNews]);
    },
    handedOver: () => void Reflect.deleteProperty(gpu, 'requestAdapter'),
    destroy: () => device?.destroy(),
  };
}
