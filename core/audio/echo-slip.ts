import { FRAME_SAMPLES } from './pcm.ts';

/**
 * Compares a frame of the microphone with the echo predicted around it. Buffers between loudspeaker and microphone slip
 * by some milliseconds when the machine is busy: the echo is the same then, but comes earlier or later.
 * @param predicted three frames: the one before, the one that `frame` is of, and the one after
 * @returns by how many samples the echo comes later than predicted (negative: earlier), within ±512, and the energy
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
  for (let from = 0; from <= 2 * FRAME_SAMPLES; from++) {
    let product = 0;
    for (let n = 0; n < FRAME_SAMPLES; n++) product += frame[n]! * predicted[from + n]!;
    const restEnergy = frameEnergy - 2 * product + shiftedEnergy;
    if (restEnergy < best.restEnergy) best = { samples: FRAME_SAMPLES - from, restEnergy };
    shiftedEnergy += (predicted[from + FRAME_SAMPLES] ?? 0) ** 2 - predicted[from]! ** 2;
  }
  return best;
}
