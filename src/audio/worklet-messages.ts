import type { QueueEvent } from '../../core/audio/playback-queue.ts';

/** What the page tells the capture worklet. */
export type CaptureRequest =
  /** Ties the time of the audio context to the clock of the page. */
  | { type: 'clock'; contextTimeS: number; epochMs: number }
  /** Frames go to this port from now on. */
  | { type: 'frames'; port: MessagePort }
  | { type: 'stop' };

/** What the capture worklet tells the page, about 20 times a second: root mean square, 0…1. */
export interface CaptureLevel {
  type: 'level';
  rms: number;
}

/** What goes to the port of the frames, the buffer transferred. `atMs` is the page's clock at the last sample. */
export interface CaptureFrame {
  type: 'frame';
  /** 512 samples at 16 kHz. */
  samples: Float32Array<ArrayBuffer>;
  /** What the page played during this frame; absent once it has been silent for a second. */
  reference?: Float32Array<ArrayBuffer>;
  atMs: number;
}

/**
 * What the page tells the playback worklet: the methods of `Player`. `port` speaks boundary/stream-protocol.ts. `lost`
 * brings a `WireError` when the thread at its other end died, of which the port itself says nothing; the worklet posts
 * anything there when the clip is over.
 */
export type PlaybackRequest =
  | { type: 'enqueue'; turn: number; clause: number; port: MessagePort; lost: MessagePort }
  | { type: 'release'; turn: number }
  | { type: 'hold'; turn: number }
  | { type: 'stop'; turn: number }
  | { type: 'duck'; active: boolean };

/** What the playback worklet tells the page; frames are samples of the context's clock. */
export type PlaybackReport = QueueEvent;
