import { describe, expect, it } from 'vitest';
import { formatBytes, formatSeconds } from '../../../tools/models/format.ts';
import { createProgress, describeProgress } from '../../../tools/models/progress.ts';

describe('the progress of a pull', () => {
  it('says how much is here, how fast it comes and how long it takes, once there is a speed', () => {
    expect(describeProgress(50, 100, [{ at: 0, present: 50 }])).toBe('50 %  50 B of 100 B');
    const samples = [
      { at: 0, present: 10_000_000 },
      { at: 2_000, present: 30_000_000 },
    ];
    expect(describeProgress(30_000_000, 230_000_000, samples)).toBe(
      '13 %  30.0 MB of 230 MB  10.0 MB/s  20 s left',
    );
  });

  it('draws one line on a terminal, and writes a line for each file elsewhere', () => {
    for (const isTTY of [true, false]) {
      const written: string[] = [];
      let now = 0;
      const progress = createProgress({ isTTY, write: (text) => written.push(text) }, () => now);
      progress.start(1_000, 1);
      for (; now <= 1_000; now += 100) progress.bytes(50);
      progress.done('a/b', 1_000);
      progress.end();
      expect(written.some((text) => text.includes('\r'))).toBe(isTTY);
      expect(written.join('')).toContain('got  a/b  1.0 kB\n');
      expect(written.filter((text) => text.includes(' % ')).length).toBe(isTTY ? 6 : 0);
    }
  });

  it('takes what an earlier run left for no speed', () => {
    const written: string[] = [];
    let now = 0;
    const progress = createProgress({ isTTY: true, write: (text) => written.push(text) }, () => now);
    progress.start(1_000_000, 1);
    progress.bytes(900_000);
    now = 1_000;
    progress.bytes(1_000);
    expect(written.at(-1)).toContain('1.0 kB/s');
  });
});

describe('sizes and times', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [2_264_000_000, '2.3 GB'],
    [150e6, '150 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [90, '2 min'],
    [7_500, '2 h 5 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
