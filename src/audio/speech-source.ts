import type { EchoMeasurement } from '../../core/audio/echo-measure.ts';
import type { SegmenterOptions } from '../../core/audio/segmenter.ts';
import { throwIfAborted } from '../../core/errors.ts';
import type { SpeechEvent, SpeechSource } from '../../core/stages/speech-source.ts';
import type { EchoState } from '../state/conversation.ts';
import type { AudioSystem, OpenAudio } from './audio-system.ts';
import { startCapture } from './capture.ts';
import { createEchoTest } from './echo-test.ts';
import { microphoneLost } from './microphone-error.ts';
import { openMicrophone, type Microphone } from './microphone.ts';

/** The worker of voice activity detection, as the page calls it. */
export interface VadClient {
  /**
   * Listens to the frames (`CaptureFrame`) that arrive at the port until the signal fires.
   * @throws AppError `model.missing`, `model.corrupt`, `engine.failed`, `worker.died`, `aborted`.
   */
  events(frames: MessagePort, options: SegmenterOptions, signal: AbortSignal): AsyncIterable<SpeechEvent>;
  /**
   * Measures how the microphone answers the next sound, and cancels its echo accordingly.
   * @throws AppError `worker.died`.
   */
  measureEcho(): Promise<EchoMeasurement>;
  close(utterance: number): void;
  setMuted(muted: boolean): void;
  setPlayback(active: boolean): void;
}

export interface SpeechSourceDeps {
  audio: AudioSystem;
  vad: VadClient;
  /** Read at each opening: the device the person has chosen, empty for the default, and how to listen. */
  choices: () => { deviceId: string; listening: SegmenterOptions };
  /** Level of the open microphone, 0…1, about 20 times a second, and 0 when it closes. */
  onLevel: (rms: number) => void;
  /** What the browser granted: device name and processing. */
  onOpen: (microphone: Microphone) => void;
  /** The system or a switch on the device holds the sound back (or no longer does). */
  onSilenced: (silenced: boolean) => void;
  /** What is known of the echo of the microphone that is or was open last; undefined for nothing. */
  onEcho: (echo: EchoState | undefined) => void;
}

/** The speech source of the page can measure its echo again. */
export interface PageSpeechSource extends SpeechSource {
  /** Plays the sweep, where a microphone is open and not muted. */
  checkEcho(): void;
}

/**
 * The person at the microphone: device → capture worklet → VAD worker. This thread sees events only; the audio of an
 * utterance comes as an unread stream that can be handed on to the recogniser's worker. When the device is lost the
 * events end with `mic.lost`; calling `events` again reopens it. The first opening of each device plays a soft sweep,
 * to learn how much of the loudspeaker it hears.
 */
export function createSpeechSource(deps: SpeechSourceDeps): PageSpeechSource {
  const { audio, vad, choices, onLevel, onOpen, onSilenced, onEcho } = deps;
  const echoTest = createEchoTest({ measure: vad.measureEcho, onEcho });
  let microphone: Microphone | undefined;
  let sound: OpenAudio | undefined;
  let muted = false;
  let playing = false;

  async function* events(signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    const { deviceId, listening } = choices();
    const opening = audio.open();
    // Awaited once the microphone is open; when that fails first, nobody is left to hear of this.
    opening.catch(() => {});
    const opened = await openMicrophone(deviceId, signal);
    const ending = new AbortController();
    const end = (): void => ending.abort();
    let lost = false;
    let stopCapture: (() => void) | undefined;
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    void opened.lost.then(() => {
      lost = true;
      end();
    });
    try {
      const channel = new MessageChannel();
      microphone = opened;
      opened.setMuted(muted);
      opened.followSilenced(onSilenced);
      onOpen(opened);
      const ready = await opening;
      throwIfAborted(ending.signal);
      stopCapture = startCapture(ready, { stream: opened.stream, frames: channel.port1, onLevel });
      const heard = vad.events(channel.port2, listening, ending.signal);
      vad.setMuted(muted);
      vad.setPlayback(playing);
      sound = ready;
      if (!muted) echoTest.opened(ready, opened.name);
      yield* heard;
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      end();
      stopCapture?.();
      opened.close();
      if (microphone === opened) {
        microphone = undefined;
        echoTest.closed();
      }
    }
    if (lost) throw microphoneLost(opened.name);
  }

  return {
    events,
    checkEcho() {
      if (microphone !== undefined && sound !== undefined && !muted) echoTest.run(sound, microphone.name);
    },
    close: (utterance) => vad.close(utterance),
    // With the microphone closed nobody listens: the next opening reads both.
    setMuted(value) {
      muted = value;
      if (microphone === undefined) return;
      microphone.setMuted(value);
      vad.setMuted(value);
    },
    setPlayback(active) {
      playing = active;
      if (microphone !== undefined) vad.setPlayback(active);
    },
  };
}
