import { describe, expect, it } from 'vitest';
import type { CatalogModel } from '../../core/models/catalog.ts';
import { chooseDevice, variantBytes } from '../../src/placement/device.ts';
import { planModels } from '../../src/placement/plan.ts';

function model(prefers: 'wasm' | 'webgpu', bytes: number): CatalogModel {
  const variant = (size: number) => ({
    dtype: 'q8' as const,
    files: [{ path: 'model.onnx', bytes: size, sha256: '0'.repeat(64) }],
  });
  return {
    id: 'a/b',
    stage: 'stt',
    name: 'Model',
    engine: 'whisper',
    licence: 'MIT',
    languages: ['en'],
    prefers,
    variants: { wasm: variant(bytes), webgpu: variant(bytes * 4) },
  };
}

const models = { stt: model('wasm', 10), llm: model('webgpu', 20) };
const plan = (wish: 'auto' | 'wasm' | 'webgpu', gpu: boolean) =>
  planModels({ wish, gpu, models, gpuRuntimeBytes: 1_000 });

describe('where the models run', () => {
  it('is what each prefers, what the person asks for, and wasm without a GPU', () => {
    const devices = (...args: Parameters<typeof plan>) => {
      const { stt, llm } = plan(...args);
      return [stt.device, llm.device];
    };
    expect(devices('auto', true)).toEqual(['wasm', 'webgpu']);
    expect(devices('webgpu', true)).toEqual(['webgpu', 'webgpu']);
    expect(devices('wasm', true)).toEqual(['wasm', 'wasm']);
    expect(devices('webgpu', false)).toEqual(['wasm', 'wasm']);
  });

  it('is wasm for a model that has nothing for WebGPU, whatever it prefers', () => {
    const { variants, ...rest } = model('webgpu', 10);
    const small = { ...rest, variants: { wasm: variants.wasm } };
    expect(chooseDevice('webgpu', small, true)).toBe('wasm');
    expect(variantBytes(small, 'wasm')).toBe(10);
    expect(() => variantBytes(small, 'webgpu')).toThrow(/does not run on webgpu/);
  });

  it('decides what there is to download: the runtime for WebGPU counts once', () => {
    const bytes = (...args: Parameters<typeof plan>) => {
      const { stt, llm } = plan(...args);
      return [stt.totalBytes, llm.totalBytes];
    };
    expect(bytes('wasm', true)).toEqual([10, 20]);
    expect(bytes('auto', true)).toEqual([10, 1_080]);
    expect(bytes('webgpu', true)).toEqual([1_040, 80]);
  });
});
