import { describe, expect, it } from 'vitest';
import { stageNames, type ModelsStatus, type StageName } from '../../src/state/conversation.ts';
import { degradation } from '../../src/state/degradation.ts';
import { describeGranted } from '../../src/state/granted.ts';

const without = (...failed: StageName[]): ModelsStatus => ({
  stages: stageNames.map((stage) => ({
    stage,
    state: failed.includes(stage) ? 'failed' : 'ready',
    loadedBytes: 0,
    totalBytes: 0,
  })),
  ready: true,
});
const well = { silenced: false, sounding: true, models: without() };

describe('what runs worse than it should', () => {
  it('is nothing when all is well', () => {
    expect(degradation(well)).toBeUndefined();
  });

  it('is said of the microphone, the sound, the voice and turn-taking, the worst first', () => {
    expect(degradation({ ...well, models: without('turn') })).toContain('rules');
    const broken = { ...well, models: without('tts', 'turn') };
    expect(degradation(broken)).toContain('text');
    expect(degradation({ ...broken, sounding: false })).toContain('sound');
    expect(degradation({ ...broken, sounding: false, silenced: true })).toContain('microphone');
  });
});

describe('what the browser grants', () => {
  it('is read back in words', () => {
    const granted = { echoCancellation: 'all', noiseSuppression: true, autoGainControl: false };
    expect(describeGranted(granted)).toBe(
      'The browser grants: echo cancellation of everything this device plays, noise suppression on, automatic gain off.',
    );
    expect(describeGranted({})).toContain('echo cancellation unknown');
    expect(describeGranted({ echoCancellation: false })).toContain('headphones');
  });
});
