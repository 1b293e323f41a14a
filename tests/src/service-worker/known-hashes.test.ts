import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownHashes } from '../../../src/service-worker/known-hashes.ts';

const sha256 = 'a'.repeat(64);

describe('hashes of model files', () => {
  it('come from the catalogue of this site', () => {
    const known = knownHashes(JSON.parse(readFileSync('public/models/catalog.json', 'utf8')));
    expect(known.get('/models/starter/chat/onnx/model_quantized.onnx')).toEqual({
      bytes: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('are known of a program beside its model, and unknown before the first pull', () => {
    const files = [
      { path: 'a.json', bytes: 3, sha256 },
      { path: 'shard_*.bin', bytes: null, sha256: null },
    ];
    const library = { repository: 'libs/all', file: { path: 'x.wasm', bytes: 4, sha256 } };
    const known = knownHashes({ models: [{ id: 'tiny/chat', variants: [{ files, library }] }] });
    expect([...known]).toEqual([
      ['/models/tiny/chat/a.json', { bytes: 3, sha256 }],
      ['/models/libs/all/x.wasm', { bytes: 4, sha256 }],
    ]);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { models: {} },
    { models: [null] },
    { models: [{ id: 'x', variants: [{}] }] },
    { models: [{ id: 'x', variants: [{ files: [{ path: 1, bytes: '3', sha256: 4 }] }] }] },
  ])('are none where the catalogue is %o', (catalogue) => {
    expect(knownHashes(catalogue).size).toBe(0);
  });
});
