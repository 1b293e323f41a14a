import { describe, expect, it } from 'vitest';
import { SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { AppError } from '../../core/errors.ts';
import type { Transcript } from '../../core/stages/stage.ts';
import {
  createLiveTranscript,
  type LiveTranscript,
  type Recognised,
} from '../../engines/speech/live-transcript.ts';
import { never } from '../support/stage-contract.ts';

const WINDOW_SAMPLES = 5 * SPEECH_RATE_HZ;

function tone(seconds: number, level = 0.2): Float32Array {
  const length = Math.round(seconds * SPEECH_RATE_HZ);
  return Float32Array.from({ length }, (_, index) => level * Math.sin(index / 5));
}

/** A run of the recogniser that ends when the test says so; it hears how many tenths of a second it was given. */
interface Run {
  tenths: number;
  signal: AbortSignal;
  finish(): void;
}

interface Bench {
  live: LiveTranscript;
  clock: { nowMs: number };
  runs: Run[];
  told: Transcript[];
  done: Promise<void>;
  /** Waits until the recogniser has been started for the n-th time. */
  started(count: number): Promise<Run>;
}

function createBench(): Bench {
  const clock = { nowMs: 0 };
  const runs: Run[] = [];
  const told: Transcript[] = [];
  let wake = (): void => {};
  let running = 0;
  const live = createLiveTranscript({
    decode: (samples, stop) =>
      new Promise<Recognised>((resolve, reject) => {
        expect(++running).toBe(1);
        const end = (act: () => void) => (): void => {
          running--;
          act();
        };
        const tenths = Math.round((10 * samples.length) / SPEECH_RATE_HZ);
        const fail = end(() => reject(new AppError('aborted', 'The work was cancelled.')));
        stop.addEventListener('abort', fail, { once: true });
        const finish = end(() => {
          stop.removeEventListener('abort', fail);
          resolve({ text: `<${tenths}>`, confidence: 0.9 });
        });
        runs.push({ tenths, signal: stop, finish });
        wake();
      }),
    windowSamples: WINDOW_SAMPLES,
    signal: never,
    nowMs: () => clock.nowMs,
  });
  const done = live.run((transcript) => told.push(transcript));
  return {
    live,
    clock,
    runs,
    told,
    done,
    async started(count) {
      while (runs.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return runs[count - 1]!;
    },
  };
}

describe('An utterance while it is spoken', () => {
  it('gets a partial transcript after half a second, and the next when the run is over', async () => {
    const bench = createBench();
    bench.live.push(tone(0.5));
    const first = await bench.started(1);
    bench.live.push(tone(0.3));
    bench.live.push(tone(0.3));
    expect(bench.runs).toHaveLength(1);
    first.finish();
    const second = await bench.started(2);
    expect(second.tenths).toBe(11);
    second.finish();
    bench.live.end();
    await bench.done;
    expect(bench.told).toEqual([
      { text: '<5>', confidence: 0.9, settled: false },
      { text: '<11>', confidence: 0.9, settled: true },
    ]);
  });

  it('waits longer for the next partial where runs are slow', async () => {
    const bench = createBench();
    bench.live.push(tone(0.5));
    const slow = await bench.started(1);
    bench.clock.nowMs += 2_000;
    slow.finish();
    bench.live.push(tone(1.5));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(bench.runs).toHaveLength(1);
    bench.live.push(tone(0.5));
    expect((await bench.started(2)).tenths).toBe(25);
    bench.runs[1]!.finish();
    bench.live.end();
    await bench.done;
  });

  it('stops a running partial at a pause when words came after it', async () => {
    const bench = createBench();
    bench.live.push(tone(0.5));
    const partial = await bench.started(1);
    bench.live.push(tone(0.4));
    bench.live.pause();
    expect(partial.signal.aborted).toBe(true);
    const settled = await bench.started(2);
    expect(settled.tenths).toBe(9);
    settled.finish();
    bench.live.end();
    await bench.done;
    expect(bench.told).toEqual([{ text: '<9>', confidence: 0.9, settled: true }]);
  });

  it('lets a running partial finish at a pause when only silence came after it', async () => {
    const bench = createBench();
    bench.live.push(tone(0.5));
    const partial = await bench.started(1);
    bench.live.push(new Float32Array(3200));
    bench.live.pause();
    partial.finish();
    bench.live.end();
    await bench.done;
    expect(bench.runs).toHaveLength(1);
    expect(bench.told).toEqual([{ text: '<5>', confidence: 0.9, settled: true }]);
  });

  it('begins the transcript of a pause before it is announced', async () => {
    const bench = createBench();
    bench.live.push(tone(0.3));
    bench.live.push(new Float32Array(1600));
    (await bench.started(1)).finish();
    bench.live.push(new Float32Array(1600));
    bench.live.pause();
    bench.live.end();
    await bench.done;
    expect(bench.runs).toHaveLength(1);
    expect(bench.told.at(-1)).toEqual({ text: '<4>', confidence: 0.9, settled: true });
  });

  it('does not take soft speech after a loud bang for silence', async () => {
    const bench = createBench();
    bench.live.push(tone(0.05, 1));
    bench.live.push(tone(0.6, 0.01));
    (await bench.started(1)).finish();
    bench.live.push(tone(0.3, 0.01));
    bench.live.end();
    (await bench.started(2)).finish();
    await bench.done;
    expect(bench.told.at(-1)).toEqual({ text: '<10>', confidence: 0.9, settled: true });
  });

  it('is cut at its quietest point when it is longer than the window, and not read again before the cut', async () => {
    const bench = createBench();
    bench.live.push(tone(4.2));
    bench.live.push(new Float32Array(3200));
    bench.live.push(tone(2));
    bench.live.end();
    (await bench.started(1)).finish();
    (await bench.started(2)).finish();
    await bench.done;
    expect(bench.runs.map((run) => run.tenths)).toEqual([43, 22]);
    expect(bench.told).toEqual([{ text: '<43> <22>', confidence: 0.9, settled: true }]);
  });

  it('is over without a word when there was no sound', async () => {
    const bench = createBench();
    bench.live.push(new Float32Array(SPEECH_RATE_HZ));
    bench.live.end();
    await bench.done;
    expect(bench.told).toEqual([{ text: '', confidence: 1, settled: true }]);
    expect(bench.runs).toEqual([]);
  });
});
