import { echoSweep, type EchoMeasurement, type EchoVerdict } from '../../core/audio/echo-measure.ts';
import type { EchoState } from '../state/conversation.ts';
import type { OpenAudio } from './audio-system.ts';

/** Silence before the sweep: the measurement wants to know the room without it. */
const LEAD_S = 0.3;
/** How loud the voice is where its echo cannot be taken out: half as loud to the ear. */
const QUIET = 0.32;
/** Time constant of a change of loudness. */
const FADE_S = 0.05;

export interface EchoTestDeps {
  /** Measures the next sound. @throws AppError `worker.died`. */
  measure(): Promise<EchoMeasurement>;
  onEcho(echo: EchoState | undefined): void;
}

/** Finds out, with a soft sweep, how much of the loudspeaker a microphone hears. */
export interface EchoTest {
  /** A microphone has opened: measured once for as long as the device stays the same. */
  opened(sound: OpenAudio, device: string): void;
  /** Measures now. */
  run(sound: OpenAudio, device: string): void;
  /** The microphone is closed: nothing listens that could hear the voice. */
  closed(): void;
}

export function createEchoTest({ measure, onEcho }: EchoTestDeps): EchoTest {
  /** The device whose echo is known. */
  let known: { device: string; verdict: EchoVerdict } | undefined;
  let loudness: OpenAudio | undefined;
  let latest = 0;

  async function test(sound: OpenAudio, device: string): Promise<void> {
    const number = ++latest;
    known = undefined;
    onEcho({ verdict: 'measuring' });
    let measured = await sweep(sound);
    // A gap in the sound, which a busy device makes, looks like a loudspeaker that distorts: two sweeps have to say so.
    if (number === latest && measured?.verdict === 'duck') measured = await sweep(sound);
    if (number !== latest) return;
    onEcho(measured);
    if (measured === undefined || measured.verdict === 'inconclusive') return;
    known = { device, verdict: measured.verdict };
    if (loudness !== undefined) apply(sound, measured.verdict);
  }

  async function sweep(sound: OpenAudio): Promise<EchoMeasurement | undefined> {
    playSweep(sound);
    // A thread that died has told those who wait for its events.
    return measure().catch(() => undefined);
  }

  function apply(sound: OpenAudio, verdict: EchoVerdict | undefined): void {
    const { context, output } = sound;
    output.gain.setTargetAtTime(verdict === 'duck' ? QUIET : 1, context.currentTime, FADE_S);
  }

  return {
    opened(sound, device) {
      loudness = sound;
      if (known?.device === device) apply(sound, known.verdict);
      else void test(sound, device);
    },
    run(sound, device) {
      void test(sound, device);
    },
    closed() {
      if (loudness !== undefined) apply(loudness, undefined);
      loudness = undefined;
    },
  };
}

function playSweep({ context, output }: OpenAudio): void {
  const samples = echoSweep(context.sampleRate);
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(output);
  source.start(context.currentTime + LEAD_S);
}
