import { createFrameCutter } from '../../core/audio/frame-cutter.ts';
import { FRAME_MS } from '../../core/audio/pcm.ts';
import type { SegmenterOptions } from '../../core/audio/segmenter.ts';
import { createChannel } from '../../core/channel.ts';
import { AppError } from '../../core/errors.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { SpeechEvent, SpeechSource } from '../../core/stages/speech-source.ts';
import { createListener } from '../../workers/vad-listener.ts';
import type { Listener } from '../../workers/vad-listener.ts';
import type { ScoreFrames } from '../engines/local-engines.ts';

/** Sound that may wait to be listened to. A client that sends faster than that is not talking. */
const MAX_WAITING_MS = 60_000;

export interface SocketSourceDeps {
  scoreFrames: ScoreFrames;
  /** Read at each opening. */
  listening: () => SegmenterOptions;
  nowMs: () => number;
  /** Told of each event with its place in the sound that was sent, in milliseconds. */
  onEvent: (event: SpeechEvent, positionMs: number) => void;
}

/** A person at the other end of a socket. */
export interface SocketSource extends SpeechSource {
  /** Takes sound at the rate of the wire. @throws AppError `input.invalid` when far too much is waiting */
  append(samples: Float32Array): void;
  /** Forgets what nobody has listened to yet. */
  clear(): void;
}

/**
 * Sound is listened to frame by frame in the order it came, also where it comes faster than it was spoken: nothing of it
 * is dropped.
 */
export function createSocketSource(deps: SocketSourceDeps): SocketSource {
  const { scoreFrames, nowMs } = deps;
  const cutter = createFrameCutter(WIRE_RATE_HZ);
  const waiting: Float32Array[] = [];
  let listener: Listener | undefined;
  let wake = (): void => {};
  let heardMs = 0;
  let muted = false;
  let playing = false;

  /** Hands the waiting frames over, each once the one before is scored, until the signal fires. */
  async function feed(current: Listener, scored: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort, { once: true });
    while (!signal.aborted) {
      const samples = waiting.shift();
      if (samples === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      heardMs += FRAME_MS;
      const done = scored();
      current.push({ type: 'frame', samples, atMs: nowMs() });
      if (!muted) await done;
    }
  }

  async function* events(signal: AbortSignal): AsyncGenerator<SpeechEvent> {
    const frames = createChannel<Float32Array>();
    const left = new AbortController();
    const either = AbortSignal.any([signal, left.signal]);
    const scores = scoreFrames(frames, either)[Symbol.asyncIterator]();
    let scored = (): void => {};
    const scorer = {
      async probability(frame: Float32Array): Promise<number> {
        try {
          // The frame itself goes to the recogniser.
          frames.push(frame.slice());
          const score = await scores.next();
          if (score.done) throw new AppError('worker.died', 'Speech detection stopped; please try again.');
          return score.value;
        } finally {
          scored();
        }
      },
      reset() {},
    };
    const current = createListener({ scorer, nowMs }, deps.listening());
    current.setMuted(muted);
    current.setPlayback(playing);
    listener = current;
    const onAbort = (): void => current.end();
    signal.addEventListener('abort', onAbort);
    void feed(current, () => new Promise((resolve) => (scored = resolve)), either);
    try {
      for await (const event of current.events) {
        deps.onEvent(event, heardMs);
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      left.abort();
      current.end();
      frames.close();
      if (listener === current) listener = undefined;
    }
  }

  return {
    events,
    append(samples) {
      if (waiting.length * FRAME_MS > MAX_WAITING_MS) {
        throw new AppError(
          'input.invalid',
          'More than a minute of sound is waiting; send it as it is spoken.',
        );
      }
      cutter.push(samples, (frame) => waiting.push(frame));
      wake();
    },
    clear() {
      waiting.length = 0;
    },
    close: (utterance) => listener?.close(utterance),
    setMuted(value) {
      muted = value;
      listener?.setMuted(value);
    },
    setPlayback(active) {
      playing = active;
      listener?.setPlayback(active);
    },
  };
}
