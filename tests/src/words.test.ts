import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../core/errors.ts';
import { formatBytes, formatCountdown, formatMs, formatTimeLeft } from '../../src/state/format.ts';
import { splitHeard } from '../../src/state/heard.ts';
import { describeRunning, stageFraction, summariseModels } from '../../src/state/models.ts';
import { noticeActions } from '../../src/state/notices.ts';

describe('figures in words', () => {
  it('writes bytes', () => {
    expect([0, 999, 1_499, 28_600_000, 999_499, 128_400_000, 14_300_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '28.6 MB',
      '999 kB',
      '128 MB',
      '14.3 GB',
    ]);
  });

  it('writes durations', () => {
    expect([0, 87.4, 999.4, 999.6, 1234].map(formatMs)).toEqual([
      '0 ms',
      '87 ms',
      '999 ms',
      '1.00 s',
      '1.23 s',
    ]);
  });

  it('counts a timer down and never below zero', () => {
    expect([272_000, 3_725_000, 900, 0, -5_000].map(formatCountdown)).toEqual([
      '4:32',
      '1:02:05',
      '0:01',
      '0:00',
      '0:00',
    ]);
  });

  it('tells the time left only once it can be judged', () => {
    expect(formatTimeLeft(10, 100, 500)).toBeUndefined();
    expect(formatTimeLeft(0, 100, 5000)).toBeUndefined();
    expect(formatTimeLeft(100, 100, 5000)).toBeUndefined();
    expect(formatTimeLeft(90, 100, 9000)).toBe('a few seconds left');
    expect(formatTimeLeft(10, 100, 4000)).toBe('about 40 seconds left');
    expect(formatTimeLeft(10, 100, 60_000)).toBe('about 9 minutes left');
  });
});

describe('the heard part of a reply', () => {
  it('is the whole of it when nothing is said of hearing', () => {
    expect(splitHeard({ text: 'All of it.' })).toEqual({ heard: 'All of it.', unheard: '' });
  });

  it('is cut where playback was', () => {
    expect(splitHeard({ text: 'One two three.', heard: 'One two' })).toEqual({
      heard: 'One two',
      unheard: ' three.',
    });
    expect(splitHeard({ text: 'One', heard: '' })).toEqual({ heard: '', unheard: 'One' });
  });

  it('ends at a whole word where the voice said it differently from the text', () => {
    expect(splitHeard({ text: 'It is **84** now.', heard: 'It is 84 now.' })).toEqual({
      heard: 'It is ',
      unheard: '**84** now.',
    });
    expect(splitHeard({ text: 'short', heard: 'shorter than this' })).toEqual({
      heard: '',
      unheard: 'short',
    });
  });
});

describe('models in words', () => {
  it('adds up the stages and never goes past the end', () => {
    const summary = summariseModels({
      ready: false,
      stages: [
        { stage: 'vad', state: 'ready', loadedBytes: 0, totalBytes: 100 },
        { stage: 'stt', state: 'loading', loadedBytes: 500, totalBytes: 300 },
        { stage: 'llm', state: 'waiting', loadedBytes: 0, totalBytes: 400 },
        { stage: 'tts', state: 'failed', loadedBytes: 0, totalBytes: 0 },
      ],
    });
    expect(summary).toEqual({
      loadedBytes: 400,
      totalBytes: 800,
      fraction: 0.5,
      loading: true,
      failed: true,
    });
  });

  it('knows no fraction while no size is known', () => {
    expect(summariseModels({ stages: [], ready: false }).fraction).toBe(0);
    expect(stageFraction({ stage: 'llm', state: 'loading', loadedBytes: 5, totalBytes: 0 })).toBe(0);
  });

  it('says plainly that starter models know everyday phrases only', () => {
    const info = { model: 'M', runtime: 'R', device: 'webgpu' as const };
    const stage = { stage: 'llm' as const, state: 'ready' as const, loadedBytes: 1, totalBytes: 1 };
    expect(
      describeRunning({ stages: [{ ...stage, info: { ...info, id: 'starter/chat' } }], ready: true }),
    ).toBe('Starter models on WebGPU: everyday phrases only');
    expect(
      describeRunning({ stages: [{ ...stage, info: { ...info, id: 'other/chat' } }], ready: true }),
    ).toBe('Models on WebGPU');
    expect(describeRunning({ stages: [stage], ready: true })).toBeUndefined();
  });
});

describe('ways out of a notice', () => {
  it('offers help when the microphone was refused, and the processor when the graphics chip fails', () => {
    expect(noticeActions('mic.denied').map(({ action }) => action)).toEqual(['microphone-help', 'retry']);
    expect(noticeActions('gpu.unavailable').map(({ action }) => action)).toEqual(['plan']);
    expect(noticeActions('something.new')).toEqual([]);
  });

  it('offers no button twice', () => {
    for (const code of errorCodes) {
      const labels = noticeActions(code).map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });
});
