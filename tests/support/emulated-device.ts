import type { Page } from '@playwright/test';
import type { DeviceFacts } from '../../core/placement/device-facts.ts';

/** Lets the page believe that it runs on this device. Its workers still run on the real one. */
export async function emulateDevice(page: Page, device: DeviceFacts): Promise<void> {
  await page.addInitScript((facts) => {
    const { gpu } = facts;
    const adapter = gpu && {
      limits: {
        maxStorageBufferBindingSize: gpu.bindingBytes,
        maxComputeWorkgroupStorageSize: gpu.workgroupBytes,
        maxStorageBuffersPerShaderStage: gpu.storageBuffers,
      },
      features: new Set(gpu.shaderF16 ? ['shader-f16'] : []),
      info: { isFallbackAdapter: gpu.fallback },
    };
    const say = (target: object, name: string, value: unknown): void =>
      void Object.defineProperty(target, name, { value, configurable: true });
    say(navigator, 'gpu', { requestAdapter: () => Promise.resolve(adapter) });
    say(navigator, 'deviceMemory', facts.memoryGb ?? undefined);
    say(navigator, 'hardwareConcurrency', facts.cores);
    say(navigator, 'userAgentData', facts.ios ? undefined : { mobile: facts.mobile });
    if (facts.ios) say(navigator, 'userAgent', 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)');
    say(navigator.storage, 'estimate', () => Promise.resolve({ quota: facts.storageBytes, usage: 0 }));
  }, device);
}
