import type { SegmenterOptions } from '../core/audio/segmenter.ts';
import { concatSamples, FRAME_SAMPLES, SPEECH_RATE_HZ } from '../core/audio/pcm.ts';
import type { Pcm } from '../core/audio/pcm.ts';
import { createSegmenter } from '../core/audio/segmenter.ts';
import type { SegmentEvent } from '../core/audio/segmenter.ts';
import { createChannel } from '../core/channel.ts';
import type { Channel } from '../core/channel.ts';
import type { SpeechEvent } from '../core/stages/speech-source.ts';
import type { UtterancePart } from '../core/stages/stage.ts';
import { TURN_AUDIO_SECONDS } from '../core/stages/turn-detector.ts';

/** A second of frames. When scoring falls further behind, what waits is stale and is dropped. */
const MAX_WAITING_FRAMES = 32;
const RECENT_FRAMES = (TURN_AUDIO_SECONDS * SPEECH_RATE_HZ) / FRAME_SAMPLES;

/** What the capture worklet posts. `atMs` is the session's clock at the last sample. */
export interface MicFrame {
  type: 'frame';
  /** 512 samples at 16 kHz. */
  samples: Float32Array;
  atMs: number;
  /** Something of what the page plays may be left in it. */
  echoing?: boolean;
}

/** The part of Silero that listening needs. */
export interface FrameScorer {
  probability(frame: Float32Array): Promise<number>;
  reset(): void;
}

export interface ListenerDeps {
  scorer: FrameScorer;
  /** Session clock of this thread, for `atMs` of events. */
  nowMs: () => number;
}

/** The life of one microphone stream: frames go in, speech events with the audio of each utterance come out. */
export interface Listener {
  events: AsyncIterable<SpeechEvent>;
  push(frame: MicFrame): void;
  close(utterance: number): void;
  setMuted(muted: boolean): void;
  setPlayback(active: boolean): void;
  /** Ends the events and all audio. */
  end(error?: unknown): void;
}

export function createListener(deps: ListenerDeps, options: SegmenterOptions): Listener {
  const { scorer, nowMs } = deps;
  const segmenter = createSegmenter(options);
  const events = createChannel<SpeechEvent>(() => end());
  const audio = new Map<number, Channel<UtterancePart>>();
  const waiting: MicFrame[] = [];
  /** The last frames of the open utterance, copied: its own go to the recogniser. */
  let recent: Float32Array[] = [];
  let muted = false;
  let scoring = false;
  let ended = false;

  function push(frame: MicFrame): void {
    if (muted || ended) return;
    waiting.push(frame);
    if (waiting.length > MAX_WAITING_FRAMES) waiting.splice(0, waiting.length - 1);
    if (!scoring) void scoreWaiting();
  }

  async function scoreWaiting(): Promise<void> {
    scoring = true;
    try {
      for (let frame = waiting.shift(); frame && !ended; frame = waiting.shift()) {
        const probability = await scorer.probability(frame.samples);
        // Muted while the frame was scored: it must not open an utterance.
        if (!muted) segmenter.push({ ...frame, probability }).forEach(deliver);
      }
    } catch (error) {
      end(error);
    }
    scoring = false;
  }

  function deliver(event: SegmentEvent): void {
    if (event.type === 'part') {
      if (event.part.type === 'audio') remember(event.part.pcm.samples);
      audio.get(event.utterance)?.push(event.part);
      return;
    }
    // The segmenter dates an event by its frame; known it is only now, after scoring.
    const atMs = Math.max(nowMs(), event.atMs);
    if (event.type === 'speech.started') {
      const channel = createChannel<UtterancePart>();
      audio.set(event.utterance, channel);
      recent = [];
      events.push({ ...event, atMs, audio: channel });
      return;
    }
    if (event.type === 'speech.paused') {
      events.push({ ...event, atMs, audio: inOnePiece(recent) });
      return;
    }
    if (event.type === 'speech.ended' || event.type === 'speech.misfire') closeAudio(event.utterance);
    events.push({ ...event, atMs });
  }

  function remember(samples: Float32Array): void {
    recent.push(samples.slice());
    if (recent.length > RECENT_FRAMES) recent.shift();
  }

  function closeAudio(utterance: number): void {
    audio.get(utterance)?.close();
    audio.delete(utterance);
  }

  function end(error?: unknown): void {
    if (ended) return;
    ended = true;
    waiting.length = 0;
    for (const utterance of audio.keys()) closeAudio(utterance);
    scorer.reset();
    events.close(error);
  }

  return {
    events,
    push,
    close(utterance) {
      segmenter.close(utterance);
      closeAudio(utterance);
    },
    setMuted(next) {
      if (muted === next) return;
      muted = next;
      waiting.length = 0;
      if (muted) segmenter.reset().forEach(deliver);
      else scorer.reset();
    },
    setPlayback: segmenter.setPlayback,
    end,
  };
}

function inOnePiece(frames: readonly Float32Array[]): AsyncIterable<Pcm> {
  const channel = createChannel<Pcm>();
  channel.push({ samples: concatSamples(frames), rateHz: SPEECH_RATE_HZ });
  channel.close();
  return channel;
}
