import { createEchoCanceller, type EchoCanceller } from '../core/audio/echo-canceller.ts';
import { measureEcho, type EchoMeasurement } from '../core/audio/echo-measure.ts';
import { concatSamples, FRAME_SAMPLES } from '../core/audio/pcm.ts';
import type { MicFrame } from './vad-listener.ts';

/** Frames that are measured from the beginning of the sound on: a second, and its echo. */
const MEASURED_FRAMES = 40;
/** A sweep is over by then. What sounds for longer is the voice, and with it a person may be talking. */
const LONGEST_SWEEP_FRAMES = 15;
/** Silence before the sound: what is in the microphone without it. */
const SILENT_FRAMES = 6;
/** A sound that has not come by then, four seconds, does not come. */
const PATIENCE_FRAMES = 125;

/** What the capture worklet posts. */
export interface PlayedFrame extends MicFrame {
  /** What the page played during the frame, 512 samples; absent while nothing can echo. */
  reference?: Float32Array;
}

/** Keeps the assistant from hearing itself: every frame of the microphone passes here first. */
export interface EchoGuard {
  /** The frame without the assistant's own voice. Costs nothing while nothing sounds. */
  clean(frame: PlayedFrame): MicFrame;
  /** Resolves a second after the next sound that follows silence; where none comes, as inconclusive. */
  measure(): Promise<EchoMeasurement>;
}

interface Measuring {
  /** The latest frames of silence, then those of the sound. */
  frames: PlayedFrame[];
  begun: boolean;
  waited: number;
  answer(measurement: EchoMeasurement): void;
}

const nothingHeard: EchoMeasurement = {
  verdict: 'inconclusive',
  returnDb: Number.NaN,
  residualDb: Number.NaN,
  delayMs: Number.NaN,
};

export function createEchoGuard(): EchoGuard {
  /** Absent where nothing comes back. */
  let canceller: EchoCanceller | undefined = createEchoCanceller();
  let measuring: Measuring | undefined;

  function collect({ samples, reference, ...rest }: PlayedFrame): void {
    if (measuring === undefined) return;
    const { frames } = measuring;
    const sounds = isSound(reference);
    measuring.waited += 1;
    if (!measuring.begun) {
      measuring.begun = sounds && frames.length === SILENT_FRAMES;
      // A sound without silence before it: what sounded earlier may be echoing still.
      if (sounds && !measuring.begun) frames.length = 0;
      if (!sounds && frames.length === SILENT_FRAMES) frames.shift();
    }
    // A copy, since the frame may be given away as it is.
    const copy = { ...rest, samples: samples.slice(), ...(reference && { reference }) };
    if (measuring.begun || !sounds) frames.push(copy);
    if (frames.length === SILENT_FRAMES + MEASURED_FRAMES) finish(measuring);
    else if (measuring.waited > PATIENCE_FRAMES && !measuring.begun) answer(measuring, nothingHeard);
  }

  function finish(done: Measuring): void {
    const sounding = done.frames.filter(({ reference }) => isSound(reference));
    if (sounding.length > LONGEST_SWEEP_FRAMES) return answer(done, nothingHeard);
    const silence = new Float32Array(FRAME_SAMPLES);
    const { response, doubt, ...measurement } = measureEcho(
      concatSamples(done.frames.map(({ samples }) => samples)),
      concatSamples(done.frames.map(({ reference }) => reference ?? silence)),
    );
    const { verdict } = measurement;
    if (verdict === 'system') canceller = undefined;
    else if (verdict !== 'inconclusive') canceller?.seed(response, doubt);
    answer(done, measurement);
  }

  function answer(done: Measuring, measurement: EchoMeasurement): void {
    measuring = undefined;
    done.answer(measurement);
  }

  return {
    clean(frame) {
      collect(frame);
      const { reference, ...rest } = frame;
      if (canceller === undefined) return rest;
      // The sweep is no speech, and a person may talk over it: nothing is known yet that could be taken out.
      if (measuring?.begun === true) return { ...rest, echoing: true };
      return { ...rest, echoing: true, samples: canceller.cancel(frame.samples, reference) };
    },
    measure() {
      measuring?.answer(nothingHeard);
      canceller = createEchoCanceller();
      return new Promise((resolve) => {
        measuring = { frames: [], begun: false, waited: 0, answer: resolve };
      });
    },
  };
}

function isSound(reference: Float32Array | undefined): boolean {
  return reference?.some((sample) => sample !== 0) ?? false;
}
