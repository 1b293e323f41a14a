import { describe, expect, it } from 'vitest';
import { isStored, offersOf, presentBytes, removableFiles } from '../../../core/models/downloads.ts';
import type { ListedModel, ListedVariant } from '../../../core/models/listing.ts';

const hash = (digit: string) => digit.repeat(64);
const known = (path: string, bytes: number, digit: string) => ({ path, bytes, sha256: hash(digit) });

function variant(patch: Partial<ListedVariant>): ListedVariant {
  return {
    device: 'wasm',
    dtype: 'q8',
    needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
    served: false,
    files: [known('config.json', 10, 'a'), known('onnx/model_quantized.onnx', 100, 'b')],
    ...patch,
  };
}

function model(variants: ListedVariant[], patch: Partial<ListedModel> = {}): ListedModel {
  return {
    id: 'some/model',
    stages: ['llm'],
    name: 'Model',
    engine: 'causal-lm',
    licence: 'MIT',
    languages: ['en'],
    source: { repository: 'some/model', revision: '1'.repeat(40) },
    prefers: 'wasm',
    quality: 'basic',
    speed: 'fast',
    variants,
    ...patch,
  };
}

const gpu = variant({
  device: 'webgpu',
  dtype: 'q4',
  files: [known('config.json', 10, 'a'), known('onnx/model_q4.onnx', 50, 'c')],
});

function downloadsOf(...variants: ListedVariant[]) {
  return offersOf({ version: 2, models: [model(variants)] })[0]!.downloads;
}

describe('what can be had of a model', () => {
  it('is each variant, with its size and where its files come from', () => {
    const [wasm, webgpu] = downloadsOf(variant({}), gpu);
    expect(wasm).toMatchObject({ id: 'some/model wasm q8', bytes: 110, served: false });
    expect(webgpu).toMatchObject({ id: 'some/model webgpu q4', bytes: 60 });
    expect(wasm?.files[0]).toMatchObject({ repository: 'some/model', revision: '1'.repeat(40) });
  });

  it('is nothing while a size or hash is unknown, and the model is listed all the same', () => {
    const unknown = variant({ files: [{ path: 'onnx/*.onnx', bytes: null, sha256: null }] });
    const [offer] = offersOf({ version: 2, models: [model([unknown])] });
    expect(offer?.model.name).toBe('Model');
    expect(offer?.downloads).toEqual([]);
  });

  it('takes along the library of a WebLLM model, from its own repository', () => {
    const file = known('lib.wasm', 7, 'd');
    const library = { repository: 'some/libs', revision: '2'.repeat(40), file };
    const [download] = downloadsOf(variant({ library }));
    expect(download?.bytes).toBe(117);
    expect(download?.files.at(-1)).toEqual({ ...file, repository: 'some/libs', revision: '2'.repeat(40) });
    const unknown = { ...library, file: { path: 'lib.wasm', bytes: null, sha256: null } };
    expect(downloadsOf(variant({ library: unknown }))).toEqual([]);
  });

  it('tells variants of mixed formats apart', () => {
    const [download] = downloadsOf(variant({ dtype: { encoder_model: 'fp32', decoder_model_merged: 'q4' } }));
    expect(download?.id).toBe('some/model wasm fp32 q4');
  });
});

describe('what is here of a download', () => {
  const [wasm, webgpu] = downloadsOf(variant({}), gpu) as [never, never];
  const here = new Map([
    [hash('a'), { presentBytes: 10, verified: true }],
    [hash('b'), { presentBytes: 37, verified: false }],
  ]);

  it('counts parts, and never more than a file has', () => {
    expect(presentBytes(wasm, here)).toBe(47);
    expect(presentBytes(wasm, new Map([[hash('b'), { presentBytes: 999, verified: false }]]))).toBe(100);
  });

  it('is stored only when each file has been checked', () => {
    expect(isStored(wasm, here)).toBe(false);
    const whole = new Map(here).set(hash('b'), { presentBytes: 100, verified: true });
    expect(isStored(wasm, whole)).toBe(true);
    const unchecked = new Map(here).set(hash('b'), { presentBytes: 100, verified: false });
    expect(isStored(wasm, unchecked)).toBe(false);
  });

  it('[MODEL-11] is deleted but for the files that another kept download has too', () => {
    expect(removableFiles(wasm, [webgpu])).toEqual([hash('b')]);
    expect(removableFiles(wasm, [])).toEqual([hash('a'), hash('b')]);
  });
});
