import { describe, expect, it } from 'vitest';
import { splitLatency } from '../../src/state/latency.ts';

const milliseconds = (trace: Parameters<typeof splitLatency>[0]) =>
  Object.fromEntries(splitLatency(trace)?.parts.map(({ name, ms }) => [name, ms]) ?? []);

describe('the delay of a turn', () => {
  it('is split along the path the person waited on', () => {
    const trace = {
      turn: 1,
      speechEndMs: 1000,
      endpointMs: 1600,
      transcriptMs: 1730,
      firstTokenMs: 1850,
      firstAudibleMs: 2010,
    };
    expect(splitLatency(trace)?.totalMs).toBe(1010);
    expect(milliseconds(trace)).toEqual({ wait: 600, recognition: 130, token: 120, sound: 160 });
  });

  it('counts work done ahead of the endpoint as nothing', () => {
    const trace = {
      turn: 1,
      speechEndMs: 1000,
      endpointMs: 1600,
      transcriptMs: 1300,
      firstTokenMs: 1400,
      firstAudibleMs: 1650,
    };
    expect(milliseconds(trace)).toEqual({ wait: 600, recognition: 0, token: 0, sound: 50 });
  });

  it('adds up to the total when a mark is missing or late', () => {
    const trace = { turn: 1, speechEndMs: 0, endpointMs: 500, firstTokenMs: 2000, firstAudibleMs: 900 };
    const latency = splitLatency(trace);
    expect(latency?.parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(latency?.totalMs);
  });

  it('of a typed turn has no silence and no recognition in it', () => {
    expect(milliseconds({ turn: 1, endpointMs: 100, firstTokenMs: 180, firstAudibleMs: 300 })).toEqual({
      token: 80,
      sound: 120,
    });
  });

  it('is not shown before the first sound', () => {
    expect(splitLatency({ turn: 1, speechEndMs: 5, endpointMs: 6 })).toBeUndefined();
    expect(splitLatency({ turn: 1, firstAudibleMs: 9 })).toBeUndefined();
  });
});
