import { FRAME_MS, rms } from './pcm.ts';

/** Weaker than this is not said to the device, whatever it is: −54 dBFS, a voice in the next room. */
const FLOOR_DB = -54;
/** So far below the person who talks to it, a voice is somebody else's. Distance costs 6 dB for each doubling. */
const MARGIN_DB = 20;
/** Share of each frame of speech in the level: about a second to get to know a voice. */
const LEARNING_RATE = 0.03;
/** A person who has moved away is heard again after a while: 6 dB a minute. */
const DECAY_DB = (6 * FRAME_MS) / 60_000;

/** A frame of nothing, or of what is no number, is as loud as this. */
const SILENT_DB = -120;
const SILENT = 10 ** (SILENT_DB / 20);
/** What is no louder than the room, and this far below the voice, is the room. */
const ROOM = { aboveDb: 2, belowVoiceDb: 10 } as const;
/** How fast the level of the room follows what is no speech, and how fast it rises while somebody speaks. */
const ROOM_RATE = 0.1;
const ROOM_RISE_DB = FRAME_MS / 1000;

/** So far above the room, a frame is a sound. */
const AUDIBLE_DB = 6;

/** So far above the room, what is no speech yet may be the beginning of it. */
const DISTINCT_DB = 15;

/** Tells the voice of the person at the device from others far away, by level. */
export interface Nearness {
  /**
   * Call it for every frame, in order. `near`: this frame of speech is loud enough to be the person's. `audible`: speech or
   * not, it stands out from the room; `distinct`: far enough to be the person's, whatever it is.
   */
  hear(samples: Float32Array, speech: boolean): { near: boolean; audible: boolean; distinct: boolean };
}

export function createNearness(): Nearness {
  let levelDb: number | undefined;
  let roomDb: number | undefined;

  function hearRoom(frameDb: number, speech: boolean): number {
    roomDb ??= frameDb;
    if (frameDb < roomDb || !speech) roomDb += ROOM_RATE * (frameDb - roomDb);
    else roomDb += ROOM_RISE_DB;
    return roomDb;
  }

  return {
    hear(samples, speech) {
      if (levelDb !== undefined) levelDb -= DECAY_DB;
      const level = rms(samples);
      const frameDb = level > SILENT ? 20 * Math.log10(level) : SILENT_DB;
      const aboveRoomDb = frameDb - (roomDb ?? frameDb);
      const room = hearRoom(frameDb, speech);
      const voiceDb = levelDb ?? -Infinity;
      const isRoom = frameDb < room + ROOM.aboveDb && frameDb < voiceDb - ROOM.belowVoiceDb;
      const loud = frameDb >= Math.max(FLOOR_DB, voiceDb - MARGIN_DB);
      const near = speech && !isRoom && loud;
      if (near) levelDb = levelDb === undefined ? frameDb : levelDb + LEARNING_RATE * (frameDb - levelDb);
      return { near, audible: aboveRoomDb > AUDIBLE_DB, distinct: loud && aboveRoomDb > DISTINCT_DB };
    },
  };
}
