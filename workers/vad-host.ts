import type { Configurable } from '../boundary/worker-bridge.ts';
import type { EchoMeasurement } from '../core/audio/echo-measure.ts';
import type { SegmenterOptions } from '../core/audio/segmenter.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { SpeechEvent } from '../core/stages/speech-source.ts';
import type { Stage } from '../core/stages/stage.ts';
import { fetchAsset } from '../engines/read-asset.ts';
import { createSilero } from '../engines/silero.ts';
import type { Silero, SileroConfig } from '../engines/silero.ts';
import { hosted } from './hosted.ts';
import { createEchoGuard } from './vad-echo.ts';
import type { PlayedFrame } from './vad-echo.ts';
import { createListener } from './vad-listener.ts';
import type { Listener } from './vad-listener.ts';

export type VadConfig = Omit<SileroConfig, 'read'>;

/** What vad.worker exposes: a `SpeechSource` whose frames come from the capture worklet. */
export interface VadHost extends Stage, Configurable<VadConfig> {
  /**
   * Listens to the frames that arrive at a port until the signal fires; one listening at a time, a second ends the
   * first. Loads the model if nobody did.
   */
  events(frames: MessagePort, options: SegmenterOptions, signal: AbortSignal): AsyncIterable<SpeechEvent>;
  /**
   * Measures how the open microphone answers the next sound that is played after silence, and takes the echo out
   * accordingly from then on; what was learned of another microphone is forgotten.
   */
  measureEcho(): Promise<EchoMeasurement>;
  close(utterance: number): void;
  setMuted(muted: boolean): void;
  setPlayback(active: boolean): void;
}

export function createVadHost(nowMs: () => number): VadHost {
  const host = hosted<Silero, VadConfig>((config) => createSilero({ ...config, read: fetchAsset }));
  const echo = createEchoGuard();
  let listener: Listener | undefined;
  let muted = false;
  let playing = false;

  async function* listen(
    scorer: Silero,
    frames: MessagePort,
    options: SegmenterOptions,
    signal: AbortSignal,
  ): AsyncGenerator<SpeechEvent> {
    listener?.end();
    const current = createListener({ scorer, nowMs }, options);
    listener = current;
    current.setMuted(muted);
    current.setPlayback(playing);
    const onAbort = (): void => current.end();
    signal.addEventListener('abort', onAbort);
    frames.onmessage = ({ data }: MessageEvent<PlayedFrame>) => current.push(echo.clean(data));
    try {
      throwIfAborted(signal);
      yield* current.events;
    } finally {
      signal.removeEventListener('abort', onAbort);
      frames.close();
      current.end();
    }
  }

  return {
    ...host.lifeCycle,
    events: (frames, options, signal) =>
      host.stream(signal, (scorer) => listen(scorer, frames, options, signal)),
    measureEcho: echo.measure,
    close: (utterance) => listener?.close(utterance),
    setMuted(next) {
      muted = next;
      listener?.setMuted(next);
    },
    setPlayback(next) {
      playing = next;
      listener?.setPlayback(next);
    },
  };
}
