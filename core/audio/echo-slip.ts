import { FRAME_SAMPLES } from './pcm.ts';

/** 64 ms: the queue before a busy sound system was seen to slip by 40. */
const MOST_SAMPLES = 2 * FRAME_SAMPLES;

/**
 * Compares a frame of the microphone with the echo predicted around it. Buffers between loudspeaker and microphone slip
 * by some milliseconds when the machine is busy: the echo is the same then, but comes earlier or later.
 * @param predicted five frames, of which `frame` is the one in the middle
 * @returns by how many samples the echo comes later than predicted (negative: earlier), within ±1024, and the energy
 * that the prediction leaves of the frame when it is shifted by that.
 */
export function findSlip(
  frame: Float32Array,
  predicted: Float64Array,
): { samples: number; restEnergy: number } {
  let frameEnergy = 0;
  let shiftedEnergy = 0;
  for (let n = 0; n < FRAME_SAMPLES; n++) {
    frameEnergy += frame[n]! ** 2;
    shiftedEnergy += predicted[n]! ** 2;
  }
  let best = { samples: 0, restEnergy: Number.POSITIVE_INFINITY };
  for (let from = 0; from <= 2 * MOST_SAMPLES; from++) {
    let product = 0;
    for (let n = 0; n < FRAME_SAMPLES; n++) product += frame[n]! * predicted[from + n]!;
    const restEnergy = frameEnergy - 2 * product + shiftedEnergy;
    if (restEnergy < best.restEnergy) best = { samples: MOST_SAMPLES - from, restEnergy };
    shiftedEnergy += (predicted[from + FRAME_SAMPLES] ?? 0) ** 2 - predicted[from]! ** 2;
  }
  return best;
}
