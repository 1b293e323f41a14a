import { createEchoPath } from './echo-path.ts';
import { findSlip } from './echo-slip.ts';
import { FRAME_SAMPLES } from './pcm.ts';

/**
 * Beyond this the microphone is not believed: Web Audio sums may pass 1, a broken driver sends anything. Keeps one bad
 * sample from spoiling what was learned.
 */
const LOUDEST = 4;
/** Energy of a frame of echo from which its prediction can be judged: about −67 dB of full scale. */
const AUDIBLE_ENERGY = 1e-4;

/** What is left of the echo, as a share of what is predicted, follows each frame by so much (0.3 dB up, 0.6 dB down). */
const LEAK_RISE = 10 ** 0.03;
const LEAK_FALL = 10 ** -0.06;
/** A prediction that was wrong for a whole frame raises it by 3 dB. */
const MISLED_RISE = 2;
/** The least leak believed: −27 dB, as loudspeakers distort. */
const LEAST_LEAK = 0.002;

/** The doubt of the filter is an estimate for the average frame; it counts this much. */
const DOUBT_WEIGHT = 2;
/** What is expected to remain fades to half from frame to frame. */
const EXPECTED_DECAY = 0.5;
/** Up to this many times what is expected to remain of the echo a frame is quietened; from the second on it is let through. */
const ECHO_RATIO = 4;
const SPEECH_RATIO = 10;
const QUIETENED = 0;

/** A shifted prediction is believed when it leaves less than this share of the frame: with a person in it, none does. */
const SLIP_REST = 0.3;
/** What a shift by whole samples may leave. */
const SLIPPED_LEAK = 0.02;
/** A filter that leaves more than this share cannot tell a slip from what it has not learned yet. */
const SURE_LEAK = 0.03;

/** A prediction that adds so much to the frame's energy is wrong: a person over a right one never makes it worse. */
const WORSE = 1.3;
/** Wrong predictions until a filter that had learned the path begins anew; right ones pay a quarter back. */
const WRONG_FRAMES = 20;
/** Leak at which a filter counts as having learned the path. */
const LEARNED_LEAK = 0.1;

/** Takes out of the microphone what the page plays itself. */
export interface EchoCanceller {
  /**
   * @param frame 512 samples of the microphone at 16 kHz; the caller keeps it
   * @param reference what was played during the frame, as long as the frame; undefined when nothing sounds any more
   * @returns the frame without the echo, at once: nothing is held back. Without a reference it is the frame itself.
   */
  cancel(frame: Float32Array, reference: Float32Array | undefined): Float32Array;
  /**
   * Begins with a measured impulse response from loudspeaker to microphone.
   * @param doubt share of its energy that may be wrong, 0…1
   */
  seed(response: Float32Array, doubt: number): void;
}

/**
 * A linear canceller and a gate behind it. The gate closes on frames that hold no more than the canceller is expected
 * to leave, so that the rest of the echo is not taken for speech; whoever talks over the voice is louder and opens it.
 */
export function createEchoCanceller(): EchoCanceller {
  const path = createEchoPath();
  const microphone = new Float32Array(FRAME_SAMPLES);
  const played = new Float32Array(FRAME_SAMPLES);
  const rest = new Float64Array(FRAME_SAMPLES);
  const before = new Float64Array(2 * FRAME_SAMPLES);
  /** The echo predicted for the two frames before, this one and the two after. */
  const surroundings = new Float64Array(5 * FRAME_SAMPLES);
  let resting = true;
  let leak = 1;
  let expected = 0;
  let learned = false;
  let wrong = 0;

  function cancel(frame: Float32Array, reference: Float32Array | undefined): Float32Array {
    if (reference === undefined) {
      if (!resting) path.rest();
      resting = true;
      return frame;
    }
    resting = false;
    bound(frame, microphone);
    bound(reference, played);
    path.play(played);
    let energies = subtract();
    if (leak < SURE_LEAK && energies.rest > ECHO_RATIO * expectation(energies.echo) && followSlip()) {
      energies = subtract();
    }
    before.copyWithin(0, FRAME_SAMPLES);
    before.set(surroundings.subarray(2 * FRAME_SAMPLES, 3 * FRAME_SAMPLES), FRAME_SAMPLES);
    const misled = energies.echo > AUDIBLE_ENERGY && energies.rest > WORSE * energy(microphone);
    if (misled) leak = Math.min(1, leak * MISLED_RISE);
    else if (energies.echo > AUDIBLE_ENERGY) followLeak(energies.rest / energies.echo);
    expected = expectation(energies.echo);
    path.learn(rest);
    judgePath(misled);
    const gain = misled ? QUIETENED : gate(energies.rest / expected);
    return Float32Array.from(rest, (sample) => gain * sample);
  }

  /** Leaves in `rest` what the path does not explain. @returns the energies of echo and rest. */
  function subtract(): { echo: number; rest: number } {
    const echo = path.predict();
    surroundings.set(echo, 2 * FRAME_SAMPLES);
    for (let n = 0; n < FRAME_SAMPLES; n++) rest[n] = microphone[n]! - echo[n]!;
    return { echo: energy(echo), rest: energy(rest) };
  }

  /** Energy that the echo may leave in this frame. */
  function expectation(echoEnergy: number): number {
    return Math.max(DOUBT_WEIGHT * path.doubtEnergy() + leak * echoEnergy, EXPECTED_DECAY * expected);
  }

  /** Where the echo has come earlier or later, the path follows at once. @returns whether it has. */
  function followSlip(): boolean {
    surroundings.set(before, 0);
    for (const later of [1, 2]) surroundings.set(path.predict(later), (2 + later) * FRAME_SAMPLES);
    const slip = findSlip(microphone, surroundings);
    if (slip.samples === 0 || slip.restEnergy > SLIP_REST * energy(microphone)) return false;
    path.shift(slip.samples);
    leak = Math.max(leak, SLIPPED_LEAK);
    return true;
  }

  function followLeak(share: number): void {
    leak = Math.min(1, Math.max(LEAST_LEAK, leak * (share > leak ? LEAK_RISE : LEAK_FALL)));
  }

  function judgePath(misled: boolean): void {
    if (leak < LEARNED_LEAK) learned = true;
    wrong = misled ? wrong + 1 : Math.max(0, wrong - 0.25);
    if (!learned || wrong < WRONG_FRAMES) return;
    path.forget();
    learned = false;
    wrong = 0;
  }

  return {
    cancel,
    seed(response, doubt) {
      path.seed(response, doubt);
      leak = Math.max(LEAST_LEAK, doubt);
      learned = true;
      wrong = 0;
    },
  };
}

function gate(ratio: number): number {
  // 0 ÷ 0: silence over silence.
  if (Number.isNaN(ratio)) return 1;
  return Math.min(1, Math.max(QUIETENED, (ratio - ECHO_RATIO) / (SPEECH_RATIO - ECHO_RATIO)));
}

function bound(samples: Float32Array, out: Float32Array): void {
  for (let n = 0; n < out.length; n++) {
    const sample = samples[n] ?? 0;
    out[n] = Number.isFinite(sample) ? Math.max(-LOUDEST, Math.min(LOUDEST, sample)) : 0;
  }
}

function energy(samples: Float32Array | Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}
