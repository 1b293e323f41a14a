import { rms } from '../../core/audio/pcm.ts';

/** Stretch over which loudness is judged: 32 ms at 16 kHz. */
const FRAME_SAMPLES = 512;
/** Below this nothing was said: −60 dBFS, under the noise of any microphone that is switched on. */
const SILENCE_RMS = 0.001;
/**
 * What lies 20 dB under the middle of the frames with sound (30 dB under loud vowels) is a pause; a soft final
 * consonant is louder. The middle, because a door that slams must not make the speech after it count as quiet.
 */
const QUIET_RATIO = 0.1;
/** Frames that the middle is taken from: the last half minute. */
const LEVEL_FRAMES = 1000;
/** Positions looked at when a cut is sought, and the stretch that must be quiet around it: 100 ms. */
const CUT_STEP_SAMPLES = 160;
const CUT_SAMPLES = 1600;

/** Audio of one utterance by absolute position, in samples from its start. What is settled can be dropped. */
export interface SpeechBuffer {
  append(samples: Float32Array): void;
  /** Position after the last sample. */
  end(): number;
  slice(from: number, to: number): Float32Array;
  dropBefore(position: number): void;
  /** True where nothing from `from` to `to` stands out against the speech so far. */
  isQuiet(from: number, to: number): boolean;
  /** True where even the loudest part is as good as no sound. */
  isSilent(from: number, to: number): boolean;
  /** The middle of the quietest 100 ms between two positions. */
  quietestPoint(from: number, to: number): number;
}

export function createSpeechBuffer(): SpeechBuffer {
  let samples = new Float32Array(FRAME_SAMPLES * 64);
  let start = 0;
  let length = 0;
  let levels: number[] = [];
  let quietBelow = SILENCE_RMS;

  const view = (from: number, to: number): Float32Array => samples.subarray(from - start, to - start);

  function frameLevels(from: number, to: number): number[] {
    const frames: number[] = [];
    for (let at = from; at < to; at += FRAME_SAMPLES) {
      frames.push(rms(view(at, Math.min(to, at + FRAME_SAMPLES))));
    }
    return frames;
  }

  function learnLevels(frames: readonly number[]): void {
    levels = [...levels, ...frames.filter((level) => level >= SILENCE_RMS)].slice(-LEVEL_FRAMES);
    const middle = levels.toSorted((a, b) => a - b)[levels.length >> 1] ?? 0;
    quietBelow = Math.max(SILENCE_RMS, QUIET_RATIO * middle);
  }

  const end = (): number => start + length;

  return {
    append(chunk) {
      if (length + chunk.length > samples.length) {
        const larger = new Float32Array(2 * (length + chunk.length));
        larger.set(samples.subarray(0, length));
        samples = larger;
      }
      samples.set(chunk, length);
      length += chunk.length;
      learnLevels(frameLevels(end() - chunk.length, end()));
    },
    end,
    slice: (from, to) => view(from, to).slice(),
    dropBefore(position) {
      samples.copyWithin(0, position - start, length);
      length -= position - start;
      start = position;
    },
    isQuiet: (from, to) => frameLevels(from, to).every((level) => level < quietBelow),
    isSilent: (from, to) => frameLevels(from, to).every((level) => level < SILENCE_RMS),
    quietestPoint(from, to) {
      let best = to;
      let lowest = Infinity;
      for (let at = from; at + CUT_SAMPLES <= to; at += CUT_STEP_SAMPLES) {
        const level = rms(view(at, at + CUT_SAMPLES));
        if (level < lowest) {
          lowest = level;
          best = at + CUT_SAMPLES / 2;
        }
      }
      return best;
    },
  };
}
