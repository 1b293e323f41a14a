import { describe, expect, it } from 'vitest';
import { createPace } from '../../../core/models/pace.ts';

describe('the pace of a download', () => {
  it('is unknown in the first two seconds', () => {
    const pace = createPace();
    pace.add(0, 500);
    pace.add(1_000, 1_000_500);
    expect(pace.bytesPerSecond(1_900)).toBeUndefined();
    pace.add(2_000, 2_000_500);
    expect(pace.bytesPerSecond(2_000)).toBe(1_000_000);
  });

  it('follows a network that gets slower within some seconds, without a jump', () => {
    const pace = createPace();
    let bytes = 0;
    let before = 10_000_000;
    for (let atMs = 0; atMs <= 20_000; atMs += 250) pace.add(atMs, (bytes += 2_500_000));
    for (let atMs = 20_250; atMs <= 40_000; atMs += 250) {
      pace.add(atMs, (bytes += 250_000));
      const now = pace.bytesPerSecond(atMs)!;
      expect(now).toBeGreaterThan(before * 0.7);
      before = now;
    }
    expect(before).toBeCloseTo(1_000_000, -4);
  });

  it('sinks while nothing comes, and is 0 in the end', () => {
    const pace = createPace();
    for (let atMs = 0; atMs <= 4_000; atMs += 500) pace.add(atMs, atMs * 1_000);
    expect(pace.bytesPerSecond(8_000)).toBe(500_000);
    expect(pace.bytesPerSecond(30_000)).toBe(0);
  });

  it('begins anew where something was thrown away', () => {
    const pace = createPace();
    for (let atMs = 0; atMs <= 4_000; atMs += 500) pace.add(atMs, atMs * 1_000);
    pace.add(4_500, 0);
    expect(pace.bytesPerSecond(4_500)).toBeUndefined();
    pace.add(7_500, 3_000);
    expect(pace.bytesPerSecond(7_500)).toBe(1_000);
  });
});
