import { openStream, readStream } from '../../../boundary/stream-reader.ts';
import { serveStream } from '../../../boundary/stream-server.ts';
import type { EchoVerdict } from '../../../core/audio/echo-measure.ts';
import type { Pcm } from '../../../core/audio/pcm.ts';
import { AppError } from '../../../core/errors.ts';
import { defaultSettings } from '../../../core/settings/settings.ts';
import type { PlaybackEvent } from '../../../core/stages/player.ts';
import { createAudioSystem } from '../../../src/audio/audio-system.ts';
import { startCapture } from '../../../src/audio/capture.ts';
import { createEchoTest } from '../../../src/audio/echo-test.ts';
import { openMicrophone } from '../../../src/audio/microphone.ts';
import { createMicrophoneList } from '../../../src/audio/microphone-list.ts';
import { pageNowMs } from '../../../src/audio/page-clock.ts';
import { createPlayer } from '../../../src/audio/player.ts';
import { createSpeechSource } from '../../../src/audio/speech-source.ts';
import type { CaptureFrame } from '../../../src/audio/worklet-messages.ts';
import recorderUrl from './recorder.worklet.js?worker&url';

const audio = createAudioSystem();
const player = createPlayer(audio);
const events: PlaybackEvent[] = [];
const recorded: { frame: number; samples: Float32Array }[] = [];
const waiting: { type: string; resolve: () => void }[] = [];
const gates = new Map<number, () => void>();
let finished = 0;

async function follow(): Promise<void> {
  for await (const event of player.events(new AbortController().signal)) {
    events.push(event);
    for (const { type, resolve } of waiting) if (type === event.type) resolve();
  }
}

/** A steady tone in chunks of 100 ms; before the chunks in `gatesAt` it waits until the test opens the gate. */
async function* tone(ms: number, rateHz: number, gatesAt: readonly number[]): AsyncGenerator<Pcm> {
  try {
    yield* chunks(ms, rateHz, gatesAt);
  } finally {
    finished++;
  }
}

async function* chunks(ms: number, rateHz: number, gatesAt: readonly number[]): AsyncGenerator<Pcm> {
  for (let chunk = 0; chunk < ms / 100; chunk++) {
    if (gatesAt.includes(chunk)) await new Promise<void>((resolve) => gates.set(chunk, resolve));
    const first = (chunk * rateHz) / 10;
    const samples = Float32Array.from(
      { length: rateHz / 10 },
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 400 * (first + n)) / rateHz),
    );
    yield { samples, rateHz };
  }
}

/** What the browser tests of the audio path call. */
const harness = {
  player,
  audio,
  events: () => events,
  openGate: (chunk: number) => gates.get(chunk)?.(),
  /** Loudest sample of the last 25 ms or so. */
  recentPeak: () => Math.max(...recorded.slice(-8).flatMap(({ samples }) => [...samples].map(Math.abs))),
  recorded: () => recorded.map(({ frame, samples }) => ({ frame, samples: [...samples] })),

  /** Opens the sound system with a recorder beside the loudspeaker. */
  async listen(): Promise<number> {
    const { context, output } = await audio.open();
    await context.audioWorklet.addModule(recorderUrl);
    const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0, channelCount: 1 });
    recorder.port.addEventListener('message', ({ data }) => recorded.push(data));
    recorder.port.start();
    output.connect(recorder);
    void follow();
    return context.sampleRate;
  },

  /** As the page does: the stream comes from elsewhere and its port is handed on to the worklet. */
  enqueue(turn: number, clause: number, ms: number, rateHz: number, gatesAt: readonly number[] = []): void {
    const { port1, port2 } = new MessageChannel();
    serveStream(tone(ms, rateHz, gatesAt), port1);
    player.enqueue({ turn, clause, audio: readStream<Pcm>(port2) });
  },

  /** A voice whose thread dies after its first chunk. */
  async enqueueDying(turn: number, clause: number): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const voice = openStream<Pcm>(port2);
    player.enqueue({ turn, clause, audio: voice.stream });
    await new Promise((resolve) => {
      port1.addEventListener('message', resolve, { once: true });
      port1.start();
    });
    port1.postMessage({ type: 'value', value: { samples: new Float32Array(8_000), rateHz: 16_000 } });
    await harness.happened('clip.started');
    voice.fail(new AppError('worker.died', 'The voice stopped.', { retryable: true }));
  },

  /** How many voices have ended or were told to. */
  finishedVoices: () => finished,

  /** Lets the sound system fall asleep; answers the states it reported, with the one after waking up. */
  async sleepAndWake(wake: 'gesture' | 'visible'): Promise<string[]> {
    const states: string[] = [];
    const { context } = await audio.open();
    audio.subscribe(() => states.push(audio.state()));
    await context.suspend();
    const running = new Promise<void>((resolve) => {
      audio.subscribe(() => {
        if (audio.state() === 'running') resolve();
      });
    });
    if (wake === 'gesture') audio.resume();
    else document.dispatchEvent(new Event('visibilitychange'));
    await running;
    return states;
  },

  happened(type: PlaybackEvent['type'], times = 1): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (events.filter((event) => event.type === type).length >= times) resolve();
      };
      waiting.push({ type, resolve: check });
      check();
    });
  },

  /** Opens the microphone until `count` frames have come. */
  async capture(count: number, deviceId = '') {
    const opened = await audio.open();
    const microphone = await openMicrophone(deviceId, new AbortController().signal);
    const { port1, port2 } = new MessageChannel();
    const frames: { samples: number[]; atMs: number; arrivedMs: number }[] = [];
    const levels: number[] = [];
    const full = new Promise<void>((resolve) => {
      port2.addEventListener('message', ({ data }: MessageEvent<CaptureFrame>) => {
        frames.push({ samples: [...data.samples], atMs: data.atMs, arrivedMs: pageNowMs() });
        if (frames.length === count) resolve();
      });
    });
    port2.start();
    const stop = startCapture(opened, {
      stream: microphone.stream,
      frames: port1,
      onLevel: (rms) => levels.push(rms),
    });
    await full;
    stop();
    microphone.close();
    return { frames, levels, name: microphone.name, granted: microphone.granted };
  },

  /** Opens the microphone and answers how it failed. */
  async refusal(): Promise<{ code: string; message: string }> {
    try {
      const { close } = await openMicrophone('', new AbortController().signal);
      close();
      return { code: 'none', message: '' };
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { code, message };
    }
  },

  /**
   * Listens with a voice activity detection that hears nothing, and lets the device end as it does when it is
   * unplugged. Answers how the first listening ended and how often the device was opened.
   */
  async unplug(): Promise<{ code: string; levelAtEnd: number; opened: number }> {
    const levels: number[] = [];
    let opened = 0;
    let track: MediaStreamTrack | undefined;
    const source = createSpeechSource({
      audio,
      vad: {
        // oxlint-disable-next-line require-yield
        async *events(_frames, _options, signal) {
          const over = new Promise((resolve) => signal.addEventListener('abort', resolve));
          track?.stop();
          track?.dispatchEvent(new Event('ended'));
          await over;
        },
        measureEcho: () => Promise.reject(new AppError('worker.died', 'Nobody listens.')),
        close() {},
        setMuted() {},
        setPlayback() {},
      },
      choices: () => ({ deviceId: '', listening: defaultSettings.listening }),
      onLevel: (rms) => levels.push(rms),
      onSilenced() {},
      onEcho() {},
      onOpen({ stream }) {
        opened++;
        [track] = stream.getAudioTracks();
      },
    });
    const listen = async (): Promise<string> => {
      try {
        for await (const _event of source.events(new AbortController().signal));
        return 'ended';
      } catch (error) {
        return (error as AppError).code;
      }
    };
    const code = await listen();
    await listen();
    return { code, levelAtEnd: levels.at(-1) ?? -1, opened };
  },

  /** Opens a microphone whose echo is measured as these verdicts, one after another. Answers what is said of it. */
  async echo(verdicts: EchoVerdict[]): Promise<string[]> {
    const opened = await audio.open();
    const said: string[] = [];
    const left = [...verdicts];
    await new Promise<void>((resolve) => {
      const test = createEchoTest({
        measure: async () => ({ verdict: left.shift()!, returnDb: -20, residualDb: -20, delayMs: 40 }),
        onEcho(echo) {
          said.push(echo?.verdict ?? 'none');
          if (echo?.verdict !== 'measuring') resolve();
        },
      });
      test.opened(opened, 'a microphone');
    });
    return [...said, `${left.length} left`];
  },

  async microphones() {
    const list = createMicrophoneList();
    await new Promise<void>((resolve) => {
      list.subscribe(() => list.get().length > 0 && resolve());
    });
    return list.get();
  },
};

export type AudioHarness = typeof harness;

Object.assign(globalThis, { harness });
