import { FRAME_SAMPLES, SPEECH_RATE_HZ } from './pcm.ts';
import { createResampler } from './resampler.ts';

export interface FrameCutter {
  /**
   * Takes mono audio at the device's rate. `onFrame` gets each complete frame, a new buffer that it may give away, and
   * how far the end of the frame lies before the end of what was pushed.
   */
  push(block: Float32Array, onFrame: (samples: Float32Array<ArrayBuffer>, lagMs: number) => void): void;
}

/**
 * Turns the microphone's blocks into frames of 512 samples at 16 kHz. Allocates nothing but the frames.
 * @throws AppError `audio.invalid` for a rate that is not a whole number of Hz within 8–192 kHz.
 */
export function createFrameCutter(rateHz: number): FrameCutter {
  const resampler = createResampler(rateHz, SPEECH_RATE_HZ);
  let resampled = new Float32Array(resampler.maxOutput(128));
  let frame = new Float32Array(FRAME_SAMPLES);
  let filled = 0;
  let pushed = 0;
  let cut = 0;
  return {
    push(block, onFrame) {
      const needed = resampler.maxOutput(block.length);
      if (needed > resampled.length) resampled = new Float32Array(needed);
      const count = resampler.pushInto(block, resampled);
      pushed += block.length;
      for (let n = 0; n < count; n++) {
        frame[filled++] = resampled[n]!;
        if (filled < FRAME_SAMPLES) continue;
        cut += FRAME_SAMPLES;
        filled = 0;
        const full = frame;
        frame = new Float32Array(FRAME_SAMPLES);
        onFrame(full, (pushed / rateHz - cut / SPEECH_RATE_HZ) * 1000);
      }
    },
  };
}
