import { describe, expect, it } from 'vitest';
import { createFrameCutter } from '../../../core/audio/frame-cutter.ts';
import { mixToMono } from '../../../core/audio/mono.ts';
import { resample } from '../../../core/audio/resampler.ts';

/** Pushes whole seconds in blocks of 128 and collects what is cut. */
function cut(input: Float32Array, rateHz: number) {
  const cutter = createFrameCutter(rateHz);
  const frames: { samples: Float32Array; endMs: number }[] = [];
  for (let from = 0; from < input.length; from += 128) {
    const block = input.subarray(from, from + 128);
    const blockEndMs = ((from + block.length) / rateHz) * 1000;
    cutter.push(block, (samples, lagMs) => frames.push({ samples, endMs: blockEndMs - lagMs }));
  }
  return frames;
}

describe('frame cutter', () => {
  it.each([16_000, 22_050, 44_100, 48_000, 96_000])(
    'cuts %i Hz into frames of 512 samples at 16 kHz that follow each other every 32 ms',
    (rateHz) => {
      const frames = cut(new Float32Array(rateHz * 2), rateHz);
      expect(frames.length).toBe(62);
      frames.forEach(({ samples, endMs }, n) => {
        expect(samples.length).toBe(512);
        expect(endMs).toBeCloseTo((n + 1) * 32, 6);
      });
    },
  );

  it('gives the samples that resampling the whole gives', () => {
    const input = Float32Array.from({ length: 44_100 }, (_, n) => Math.sin(n * n * 1e-6));
    const joined = cut(input, 44_100).flatMap(({ samples }) => [...samples]);
    const whole = resample({ samples: input, rateHz: 44_100 }, 16_000).samples;
    expect(joined).toEqual([...whole.subarray(0, joined.length)]);
  });

  it('gives every frame a buffer of its own, to be transferred', () => {
    const frames = cut(new Float32Array(48_000), 48_000);
    expect(new Set(frames.map(({ samples }) => samples.buffer)).size).toBe(frames.length);
  });

  it('takes blocks of any size', () => {
    const cutter = createFrameCutter(48_000);
    let frames = 0;
    for (const size of [1, 2_000, 0, 128, 48_000]) cutter.push(new Float32Array(size), () => frames++);
    expect(frames).toBe(Math.floor((2_000 + 129 + 48_000) / 3 / 512));
  });

  it('refuses a device rate it cannot use', () => {
    expect(() => createFrameCutter(4_000)).toThrow(expect.objectContaining({ code: 'audio.invalid' }));
  });
});

describe('mix to mono', () => {
  it('takes the mean of the channels', () => {
    const out = new Float32Array(3);
    mixToMono([Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1)], out);
    expect([...out]).toEqual([0.5, 0.25, -1]);
  });

  it('is silent without a channel', () => {
    const out = Float32Array.of(1, 1);
    mixToMono([], out);
    expect([...out]).toEqual([0, 0]);
  });
});
