import { AppError } from '../errors.ts';
import type { SpeechEvent } from '../stages/speech-source.ts';
import type { UtterancePart } from '../stages/stage.ts';
import { isHiss } from './hiss.ts';
import { createNearness } from './nearness.ts';
import { FRAME_MS, FRAME_SAMPLES, SPEECH_RATE_HZ } from './pcm.ts';

/** How far below the threshold a speaking frame may fall and still be speech: Silero's own hysteresis. */
const HYSTERESIS = 0.15;
/** Added to the threshold while the assistant speaks. What an echo canceller leaves of a voice scores lower than a person. */
const PLAYBACK_RAISE = 0.2;
const HIGHEST_THRESHOLD = 0.95;
/**
 * While the assistant speaks, a single frame as sure as this is speech enough to interrupt it: every frame less is 32 ms
 * sooner silent, and what brings no words has only held the reply.
 */
const SURE_PROBABILITY = 0.9;
/**
 * While the assistant speaks, so many frames of hiss in a row interrupt it: "stop" begins with 100 ms of it, and waiting
 * for the vowel takes twice the time. What then brings no speech was a misfire.
 */
const HISS_FRAMES = 2;
/** Silence that makes an unconfirmed utterance a misfire. Shorter gaps occur inside words, before and after a stop. */
const MISFIRE_GAP_MS = 96;
/** A sound that runs on into speech is looked for this far back: a long "s" takes 200 ms. */
const ONSET_FRAMES = 8;
const LONGEST_WAIT_MS = 2_000;
/** Bounds what one utterance can hold in memory: 3.8 MB at 16 kHz. */
const MAX_UTTERANCE_MS = 60_000;

/** The first four are `settings.listening`; see there for their meaning. */
export interface SegmenterOptions {
  threshold: number;
  minSilenceMs: number;
  speechPadMs: number;
  minSpeechMs: number;
  /** Silence that ends an utterance nobody closed. Keep it above the endpoint of the conversation. Default 2 s. */
  longestWaitMs?: number;
  /** Length at which an utterance is ended in the middle of speech. Default 60 s. */
  maxUtteranceMs?: number;
}

export interface SegmenterFrame {
  /** 512 samples at 16 kHz. The segmenter hands the buffer on and keeps no use of it: it may be transferred. */
  samples: Float32Array;
  /** Session clock at the frame's last sample. */
  atMs: number;
  /** Probability of speech, 0…1. What is not a number counts as silence. */
  probability: number;
  /** Something of what the page plays may be left in it, and what is left of a voice often hisses. */
  echoing?: boolean;
}

type WithoutAudio<Event> = Event extends { audio: unknown } ? Omit<Event, 'audio'> : Event;

/**
 * A `SpeechEvent` whose audio comes as separate `part` events. The first parts of an utterance follow its
 * `speech.started`; `speech.ended` and `speech.misfire` come after its last part. `atMs` is the last sample of the
 * frame that decided.
 */
export type SegmentEvent =
  | WithoutAudio<SpeechEvent>
  | { type: 'part'; utterance: number; part: UtterancePart };

export interface Segmenter {
  /** @throws AppError `audio.invalid` for a frame of another length. */
  push(frame: SegmenterFrame): SegmentEvent[];
  /** The utterance is taken: it gets no further event, and the next speech is a new one. Others are ignored. */
  close(utterance: number): void;
  /** Forgets everything heard; an open utterance becomes a misfire. */
  reset(): SegmentEvent[];
  /** Raises the threshold by 0.2, to at most 0.95, while the assistant speaks. */
  setPlayback(active: boolean): void;
}

interface Utterance {
  id: number;
  confirmed: boolean;
  /** Begun by a hiss, and no speech yet. */
  hissed: boolean;
  paused: boolean;
  frames: number;
  speechFrames: number;
  /** Frames since the last one of speech. */
  silentFrames: number;
  /** End of the last speech frame. */
  speechMs: number;
}

/**
 * Cuts a stream of scored frames into utterances, by the rules of `SpeechEvent`. Durations are counted in frames of
 * 32 ms and rounded up: a soft pause of 200 ms is noticed after the seventh silent frame.
 */
export function createSegmenter(options: SegmenterOptions): Segmenter {
  const longestWaitMs = options.longestWaitMs ?? LONGEST_WAIT_MS;
  const maxUtteranceMs = options.maxUtteranceMs ?? MAX_UTTERANCE_MS;
  const padFrames = Math.ceil(options.speechPadMs / FRAME_MS);

  /** The latest frames of silence, for the pad before the next utterance, and whether each held a sound. */
  let pad: { samples: Float32Array; audible: boolean }[] = [];
  let open: Utterance | undefined;
  let utterances = 0;
  let playing = false;
  /** Frames of hiss in a row, up to now. */
  let hissFrames = 0;
  let latestMs = 0;
  const nearness = createNearness();

  function threshold(): number {
    if (!playing) return options.threshold;
    return Math.max(options.threshold, Math.min(HIGHEST_THRESHOLD, options.threshold + PLAYBACK_RAISE));
  }

  function remember(samples: Float32Array, audible: boolean): void {
    if (padFrames === 0) return;
    if (pad.length === Math.max(padFrames, ONSET_FRAMES)) pad.shift();
    pad.push({ samples, audible });
  }

  /** The pad, and before it whatever joins on to it as one sound: Silero takes the "s" of "stop" for noise. */
  function takePad(): Float32Array[] {
    let from = Math.max(0, pad.length - padFrames);
    while (from > 0 && pad[from]!.audible && pad[from - 1]!.audible) from -= 1;
    const frames = pad.slice(from).map(({ samples }) => samples);
    pad = [];
    return frames;
  }

  function start(frame: SegmenterFrame, hissed: boolean): SegmentEvent[] {
    const id = ++utterances;
    const begin = frame.atMs - FRAME_MS * (hissed ? HISS_FRAMES : 1);
    const before = takePad();
    open = {
      id,
      confirmed: hissed,
      hissed,
      paused: false,
      frames: before.length,
      speechFrames: 0,
      silentFrames: 0,
      speechMs: begin,
    };
    const { atMs } = frame;
    return [
      { type: 'speech.started', utterance: id, atMs, speechMs: begin },
      ...(hissed ? [{ type: 'speech.confirmed', utterance: id, atMs } as const] : []),
      ...before.map((samples) => audioPart(id, samples)),
      ...(hissed ? deliver(open, frame) : hear(open, frame)),
    ];
  }

  function hear(utterance: Utterance, frame: SegmenterFrame): SegmentEvent[] {
    const { id } = utterance;
    const events: SegmentEvent[] = [];
    pad = [];
    utterance.hissed = false;
    utterance.speechFrames++;
    utterance.silentFrames = 0;
    utterance.speechMs = frame.atMs;
    if (utterance.paused) {
      utterance.paused = false;
      events.push({
        type: 'speech.resumed',
        utterance: id,
        atMs: frame.atMs,
        speechMs: frame.atMs - FRAME_MS,
      });
    }
    const sure = playing && frame.probability >= SURE_PROBABILITY;
    if (!utterance.confirmed && (sure || utterance.speechFrames * FRAME_MS >= options.minSpeechMs)) {
      utterance.confirmed = true;
      events.push({ type: 'speech.confirmed', utterance: id, atMs: frame.atMs });
    }
    return [...events, ...deliver(utterance, frame)];
  }

  function miss(utterance: Utterance, frame: SegmenterFrame, audible: boolean): SegmentEvent[] {
    const { id, speechMs } = utterance;
    // The delivered buffer may be transferred away, so the pad keeps a copy.
    remember(frame.samples.slice(), audible);
    utterance.silentFrames = utterance.hissed && hissFrames > 0 ? 0 : utterance.silentFrames + 1;
    const silenceMs = utterance.silentFrames * FRAME_MS;
    if (!utterance.confirmed || utterance.hissed) {
      if (silenceMs >= MISFIRE_GAP_MS) return misfire(utterance, frame.atMs);
      return deliver(utterance, frame);
    }
    const events = deliver(utterance, frame);
    if (open === undefined) return events;
    if (silenceMs >= longestWaitMs) return [...events, ...end(utterance, frame.atMs)];
    if (!utterance.paused && silenceMs >= options.minSilenceMs) {
      utterance.paused = true;
      events.push({ type: 'part', utterance: id, part: { type: 'pause' } });
      events.push({ type: 'speech.paused', utterance: id, atMs: frame.atMs, speechMs });
    }
    return events;
  }

  function deliver(utterance: Utterance, frame: SegmenterFrame): SegmentEvent[] {
    utterance.frames++;
    const part = audioPart(utterance.id, frame.samples);
    if (utterance.frames * FRAME_MS < maxUtteranceMs) return [part];
    return [part, ...(utterance.confirmed ? end(utterance, frame.atMs) : misfire(utterance, frame.atMs))];
  }

  function end(utterance: Utterance, atMs: number): SegmentEvent[] {
    open = undefined;
    return [{ type: 'speech.ended', utterance: utterance.id, atMs, speechMs: utterance.speechMs }];
  }

  function misfire(utterance: Utterance, atMs: number): SegmentEvent[] {
    open = undefined;
    return [{ type: 'speech.misfire', utterance: utterance.id, atMs }];
  }

  function push(frame: SegmenterFrame): SegmentEvent[] {
    if (frame.samples.length !== FRAME_SAMPLES) {
      throw new AppError('audio.invalid', `A frame of the microphone holds ${FRAME_SAMPLES} samples.`);
    }
    latestMs = frame.atMs;
    const speaking = open !== undefined && open.silentFrames === 0;
    const likely = frame.probability >= threshold() - (speaking ? HYSTERESIS : 0);
    // Silero is sure of speech for up to 100 ms after its end; the level falls at once.
    const { near, audible, distinct } = nearness.hear(frame.samples, likely);
    hissFrames = distinct && isHiss(frame.samples) ? hissFrames + 1 : 0;
    if (open !== undefined) return near ? hear(open, frame) : miss(open, frame, audible);
    if (near) return start(frame, false);
    if (playing && frame.echoing !== true && hissFrames === HISS_FRAMES) return start(frame, true);
    remember(frame.samples, audible);
    return [];
  }

  function close(utterance: number): void {
    if (open?.id === utterance) open = undefined;
  }

  function reset(): SegmentEvent[] {
    pad = [];
    return open === undefined ? [] : misfire(open, latestMs);
  }

  function setPlayback(active: boolean): void {
    playing = active;
  }

  return { push, close, reset, setPlayback };
}

function audioPart(utterance: number, samples: Float32Array): SegmentEvent {
  return { type: 'part', utterance, part: { type: 'audio', pcm: { samples, rateHz: SPEECH_RATE_HZ } } };
}
