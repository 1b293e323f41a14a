import { describe, expect, it } from 'vitest';
import { offersOf } from '../../../core/models/downloads.ts';
import type { Download } from '../../../core/models/downloads.ts';
import { createPace } from '../../../core/models/pace.ts';
import { createKeptModels, KEPT_KEY } from '../../../src/models/kept-models.ts';
import { assertRoom } from '../../../src/models/space.ts';
import { statusOf } from '../../../src/models/store-status.ts';
import type { Known } from '../../../src/models/store-status.ts';
import { describeProgress, describeState } from '../../../src/state/downloads.ts';

const sha256 = 'a'.repeat(64);
const download: Download = offersOf({
  version: 2,
  models: [
    {
      id: 'some/model',
      stages: ['stt'],
      name: 'Model',
      engine: 'whisper',
      licence: 'MIT',
      languages: ['en'],
      source: null,
      prefers: 'wasm',
      quality: 'basic',
      speed: 'fast',
      variants: [
        {
          device: 'wasm',
          dtype: 'q8',
          needs: { webgpu: false, shaderF16: false, memoryMb: null, threads: null },
          served: true,
          files: [{ path: 'model.onnx', bytes: 100_000_000, sha256 }],
        },
      ],
    },
  ],
})[0]!.downloads[0]!;

function known(patch: Partial<Known> & { present?: number; verified?: boolean }): Known {
  const { present = 0, verified = false, ...rest } = patch;
  return {
    files: new Map([[sha256, { presentBytes: present, verified }]]),
    paces: new Map(),
    errors: new Map(),
    kept: new Map(),
    nowMs: 0,
    ...rest,
  };
}

describe('where a download stands', () => {
  const begun = new Map([[download.id, 'begun'] as const]);
  const stored = new Map([[download.id, 'stored'] as const]);

  it.each([
    ['absent', {}],
    ['absent', { present: 5_000 }],
    ['absent', { kept: begun }],
    ['paused', { present: 5_000, kept: begun }],
    ['stored', { present: 100_000_000, verified: true, kept: stored }],
    ['lost', { kept: stored }],
    ['lost', { present: 5_000, kept: stored }],
    ['failed', { present: 5_000, kept: begun, errors: new Map([[download.id, 'No.']]) }],
    ['downloading', { present: 5_000, errors: new Map(), paces: new Map([[download.id, createPace()]]) }],
  ] as const)('[MODEL-12] is %s with %j', (state, what) => {
    expect(statusOf(download, known(what)).state).toBe(state);
  });

  it('is told with bytes, speed and time left, and says when nothing comes', () => {
    const pace = createPace();
    pace.add(0, 12_000_000);
    pace.add(10_000, 37_000_000);
    const paces = new Map([[download.id, pace]]);
    const tell = (nowMs: number) =>
      describeProgress(statusOf(download, known({ present: 37_000_000, paces, nowMs })));
    expect(tell(1_000)).toBe('37.0 MB of 100 MB');
    expect(tell(10_000)).toBe('37.0 MB of 100 MB · 2.5 MB/s · about 30 seconds left');
    expect(tell(60_000)).toBe('37.0 MB of 100 MB · nothing comes at the moment');
  });

  it('says how much of it is here when it failed or was paused', () => {
    const failed = known({ present: 37_000_000, errors: new Map([[download.id, 'It broke.']]) });
    expect(describeState(statusOf(download, failed))).toBe('It broke. (37.0 MB of 100 MB are here.)');
    const paused = known({ present: 37_000_000, kept: begun });
    expect(describeState(statusOf(download, paused))).toBe('Paused: 37.0 MB of 100 MB are here.');
  });
});

describe('[MODEL-8] the room that a browser speaks of', () => {
  const space = { usedBytes: 0, freeBytes: 99, persisted: false };

  it('stands against a download that is larger, in words', () => {
    expect(() => assertRoom(100, space)).toThrow(
      'This needs 100 B, and the browser gives this page room for 99 B more.',
    );
  });

  it('lets one through that fits, and any where it does not say', () => {
    expect(() => assertRoom(99, space)).not.toThrow();
    expect(() => assertRoom(1e12, undefined)).not.toThrow();
  });
});

describe('what was kept once', () => {
  function storage(stored: string | null = null) {
    const values = new Map(stored === null ? [] : [[KEPT_KEY, stored]]);
    return {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    };
  }

  it('is remembered by every tab until it is deleted', () => {
    const shared = storage();
    const [one, other] = [createKeptModels(() => shared), createKeptModels(() => shared)];
    one.set('a', 'begun');
    one.set('a', 'stored');
    other.set('b', 'begun');
    one.remove('b');
    expect([...other.get()]).toEqual([['a', 'stored']]);
  });

  it.each(['{', '[]', 'null', '{"a":"gone"}'])('is nothing where storage holds %j', (garbage) => {
    const shared = storage(garbage);
    const kept = createKeptModels(() => shared);
    expect(kept.get().size).toBe(0);
    kept.set('a', 'stored');
    expect(kept.get().size).toBe(1);
  });

  it('is nothing where storage is forbidden', () => {
    const kept = createKeptModels(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    kept.set('a', 'stored');
    expect(kept.get().size).toBe(0);
  });
});
