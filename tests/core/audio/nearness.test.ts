import { describe, expect, it } from 'vitest';
import { createNearness } from '../../../core/audio/nearness.ts';

const FRAMES_PER_MINUTE = 60_000 / 32;

/** A frame of the given level in dBFS. */
function frame(levelDb: number): Float32Array {
  return new Float32Array(512).fill(10 ** (levelDb / 20));
}

describe('nearness', () => {
  it('[SILENCE-3] takes no voice for the person that is as weak as one in the next room', () => {
    const nearness = createNearness();
    expect(nearness.hear(frame(-60), true).near).toBe(false);
    expect(nearness.hear(frame(-45), true).near).toBe(true);
  });

  it('[SILENCE-3] leaves out a voice far below the person it knows', () => {
    const nearness = createNearness();
    for (let count = 0; count < 60; count += 1) nearness.hear(frame(-20), true);
    expect(nearness.hear(frame(-30), true).near).toBe(true);
    expect(nearness.hear(frame(-46), true).near).toBe(false);
  });

  it('hears the end of speech in a loud room, where the level falls to that of the room', () => {
    const nearness = createNearness();
    for (let count = 0; count < 60; count += 1) nearness.hear(frame(-38), false);
    for (let count = 0; count < 60; count += 1) nearness.hear(frame(-20), true);
    expect(nearness.hear(frame(-32), true).near).toBe(true);
    expect(nearness.hear(frame(-38), true).near).toBe(false);
  });

  it('hears what stands out from the room, speech or not', () => {
    const nearness = createNearness();
    for (let count = 0; count < 60; count += 1) nearness.hear(frame(-60), false);
    expect(nearness.hear(frame(-50), false).audible).toBe(true);
    expect(nearness.hear(frame(-57), false).audible).toBe(false);
  });

  it('hears a person again who has moved away', () => {
    const nearness = createNearness();
    for (let count = 0; count < 60; count += 1) nearness.hear(frame(-20), true);
    for (let count = 0; count < 2 * FRAMES_PER_MINUTE; count += 1) nearness.hear(frame(-70), false);
    expect(nearness.hear(frame(-46), true).near).toBe(true);
  });

  it('hears nobody in what is no speech, and survives values that are not numbers', () => {
    const nearness = createNearness();
    expect(nearness.hear(frame(-10), false).near).toBe(false);
    expect(nearness.hear(new Float32Array(512).fill(Number.NaN), true).near).toBe(false);
    expect(nearness.hear(frame(-20), true).near).toBe(true);
  });
});
