import { FRAME_MS, rms } from './pcm.ts';

/** Weaker than this is not said to the device, whatever it is: −54 dBFS, a voice in the next room. */
const FLOOR_DB = -54;
/** So far below the person who talks to it, a voice is somebody else's. Distance costs 6 dB for each doubling. */
const MARGIN_DB = 20;
/** Share of each frame of speech in the level: about a second to get to know a voice. */
const LEARNING_RATE = 0.03;
/** A person who has moved away is heard again after a while: 6 dB a minute. */
const DECAY_DB = (6 * FRAME_MS) / 60_000;

/** Tells the voice of the person at the device from others far away, by level. */
export interface Nearness {
  /** Whether this frame of speech is loud enough to be the person's. Call it for every frame, in order. */
  isNear(samples: Float32Array, speech: boolean): boolean;
}

export function createNearness(): Nearness {
  let levelDb: number | undefined;
  return {
    isNear(samples, speech) {
      if (levelDb !== undefined) levelDb -= DECAY_DB;
      if (!speech) return false;
      const frameDb = 20 * Math.log10(rms(samples));
      // Written so that what is no number is not near either.
      if (!(frameDb >= Math.max(FLOOR_DB, (levelDb ?? -Infinity) - MARGIN_DB))) return false;
      levelDb = levelDb === undefined ? frameDb : levelDb + LEARNING_RATE * (frameDb - levelDb);
      return true;
    },
  };
}
