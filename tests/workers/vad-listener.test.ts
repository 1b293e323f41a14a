import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { SpeechEvent } from '../../core/stages/speech-source.ts';
import type { UtterancePart } from '../../core/stages/stage.ts';
import { readStream } from '../../boundary/stream-reader.ts';
import { takePort } from '../../boundary/stream-server.ts';
import { createListener } from '../../workers/vad-listener.ts';
import type { FrameScorer } from '../../workers/vad-listener.ts';
import { collect } from '../support/stage-contract.ts';

const options = {
  threshold: 0.5,
  minSilenceMs: 200,
  speechPadMs: 64,
  minSpeechMs: 96,
  longestWaitMs: 500,
};

/** Scores a frame by its first sample, after `gate` where one is set. */
function createScorer(): FrameScorer & { gate?: Promise<void>; resets: number } {
  return {
    resets: 0,
    async probability(frame) {
      await this.gate;
      if (Number.isNaN(frame[0])) throw new Error('scoring failed');
      return frame[0] ?? 0;
    },
    reset() {
      this.resets++;
    },
  };
}

function setUp() {
  const scorer = createScorer();
  let nowMs = 1_000;
  const listener = createListener({ scorer, nowMs: () => nowMs + 5 }, options);
  /** Lets the worker's queue of frames run dry. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  async function hear(probability: number, frames: number): Promise<void> {
    for (let n = 0; n < frames; n++) {
      nowMs += FRAME_MS;
      const samples = new Float32Array(FRAME_SAMPLES).fill(probability);
      listener.push({ type: 'frame', samples, atMs: nowMs });
      await settle();
    }
  }
  return { scorer, listener, hear, settle, now: () => nowMs };
}

const types = (events: readonly SpeechEvent[]) => events.map((event) => event.type);
/** What a turn detector hears at the first pause. */
const pauseOf = (events: readonly SpeechEvent[]): Promise<Pcm[]> => {
  const paused = events.find((event) => event.type === 'speech.paused');
  return paused === undefined ? Promise.reject(new Error('no pause')) : collect(paused.audio);
};
const audioOf = (event: SpeechEvent | undefined): Promise<UtterancePart[]> =>
  event?.type === 'speech.started' ? collect(event.audio) : Promise.reject(new Error('no audio'));

describe('listening to the microphone', () => {
  it('tells of an utterance, whose audio has the pad, the speech, the pause mark and the silence', async () => {
    const { listener, hear } = setUp();
    const heard = collect(listener.events);
    await hear(0.1, 5);
    await hear(0.9, 10);
    await hear(0.1, 20);
    listener.end();
    const events = await heard;
    expect(types(events)).toEqual(['speech.started', 'speech.confirmed', 'speech.paused', 'speech.ended']);
    const parts = await audioOf(events[0]);
    expect(parts.filter((part) => part.type === 'pause')).toHaveLength(1);
    expect(parts.filter((part) => part.type === 'audio')).toHaveLength(2 + 10 + 16);
  });

  it('dates an event when it became known, after scoring', async () => {
    const { listener, hear, now } = setUp();
    await hear(0.9, 1);
    listener.end();
    const [started] = await collect(listener.events);
    expect(started?.atMs).toBe(now() + 5);
    expect(started).toMatchObject({ speechMs: now() - FRAME_MS });
  });

  it('ends the audio of an utterance that was taken, and what follows is a new one', async () => {
    const { listener, hear } = setUp();
    await hear(0.9, 5);
    listener.close(1);
    await hear(0.9, 5);
    listener.end();
    const events = await collect(listener.events);
    expect(types(events)).toEqual([
      'speech.started',
      'speech.confirmed',
      'speech.started',
      'speech.confirmed',
    ]);
    expect(await audioOf(events[0])).toHaveLength(5);
    expect(await audioOf(events[2])).toHaveLength(5);
  });

  it('looks at no frame while muted, and an open utterance becomes a misfire', async () => {
    const { listener, hear } = setUp();
    await hear(0.9, 5);
    listener.setMuted(true);
    await hear(0.9, 5);
    listener.setMuted(false);
    await hear(0.1, 5);
    listener.end();
    const events = await collect(listener.events);
    expect(types(events)).toEqual(['speech.started', 'speech.confirmed', 'speech.misfire']);
    expect(await audioOf(events[0])).toHaveLength(5);
  });

  it('does not open an utterance for a frame that was being scored when it was muted', async () => {
    const { scorer, listener, hear, settle } = setUp();
    const scored = Promise.withResolvers<void>();
    scorer.gate = scored.promise;
    await hear(0.9, 1);
    listener.setMuted(true);
    scored.resolve();
    await settle();
    listener.end();
    expect(await collect(listener.events)).toEqual([]);
  });

  it('keeps a higher bar while the assistant speaks', async () => {
    const { listener, hear } = setUp();
    listener.setPlayback(true);
    await hear(0.6, 5);
    listener.setPlayback(false);
    await hear(0.6, 1);
    listener.end();
    expect(types(await collect(listener.events))).toEqual(['speech.started']);
  });

  it('drops what is stale when scoring falls a second behind', async () => {
    const { scorer, listener, hear, settle } = setUp();
    const scored = Promise.withResolvers<void>();
    scorer.gate = scored.promise;
    await hear(0.1, 1);
    await hear(0.9, 40);
    scored.resolve();
    for (let n = 0; n < 100; n++) await settle();
    listener.end();
    const [started] = await collect(listener.events);
    expect((await audioOf(started)).length).toBeLessThan(32);
  });

  it('ends with the error of the scorer', async () => {
    const { listener, hear } = setUp();
    await hear(Number.NaN, 1);
    await expect(collect(listener.events)).rejects.toThrow('scoring failed');
    await hear(0.9, 3);
  });

  it('stops when nobody listens any more', async () => {
    const { scorer, listener, hear } = setUp();
    const iterator = listener.events[Symbol.asyncIterator]();
    await hear(0.9, 1);
    const { value: started } = await iterator.next();
    await iterator.return?.();
    expect(scorer.resets).toBe(1);
    expect(await audioOf(started as SpeechEvent)).toHaveLength(1);
  });
});

describe('the audio of a pause', () => {
  it('is the utterance up to now in one piece, pad and silence included', async () => {
    const { listener, hear } = setUp();
    await hear(0.1, 5);
    await hear(0.9, 10);
    await hear(0.1, 7);
    listener.end();
    const [piece, ...more] = await pauseOf(await collect(listener.events));
    expect(more).toEqual([]);
    expect(piece?.rateHz).toBe(16_000);
    const frames = Array.from({ length: 2 + 10 + 7 }, (_, n) => piece?.samples[n * FRAME_SAMPLES]);
    const scores = [0.1, 0.1, ...new Array<number>(10).fill(0.9), ...new Array<number>(7).fill(0.1)];
    expect(frames).toEqual(scores.map((score) => Math.fround(score)));
    expect(piece?.samples).toHaveLength(19 * FRAME_SAMPLES);
  });

  it('is a copy: that of the recogniser may be given away', async () => {
    const { listener, hear } = setUp();
    const iterator = listener.events[Symbol.asyncIterator]();
    await hear(0.9, 10);
    const { value: started } = await iterator.next();
    const parts = (started as SpeechEvent & { type: 'speech.started' }).audio[Symbol.asyncIterator]();
    for (let n = 0; n < 10; n++) {
      const { value: part } = await parts.next();
      if (part?.type === 'audio') structuredClone(part.pcm.samples, { transfer: [part.pcm.samples.buffer] });
    }
    await hear(0.1, 7);
    listener.end();
    const [piece] = await pauseOf(await collect({ [Symbol.asyncIterator]: () => iterator }));
    expect(piece?.samples[0]).toBe(Math.fround(0.9));
    expect(piece?.samples).toHaveLength(17 * FRAME_SAMPLES);
  });

  it('is the last 8 seconds of a long utterance', async () => {
    const { listener, hear } = setUp();
    await hear(0.9, 300);
    await hear(0.1, 7);
    listener.end();
    const [piece] = await pauseOf(await collect(listener.events));
    expect(piece?.samples).toHaveLength(8 * 16_000);
    expect(piece?.samples[0]).toBe(Math.fround(0.9));
    expect(piece?.samples.at(-1)).toBe(Math.fround(0.1));
  });

  it('holds nothing of the utterance before', async () => {
    const { listener, hear } = setUp();
    await hear(0.9, 10);
    listener.close(1);
    await hear(0.8, 4);
    await hear(0.1, 7);
    listener.end();
    const [piece] = await pauseOf(await collect(listener.events));
    expect(piece?.samples).toHaveLength(11 * FRAME_SAMPLES);
    expect(piece?.samples[0]).toBe(Math.fround(0.8));
  });

  it('crosses two threads without being read between them', async () => {
    const { listener, hear } = setUp();
    await hear(0.9, 10);
    await hear(0.1, 7);
    listener.end();
    const events = await collect(readStream<SpeechEvent>(takePort(listener.events)));
    const paused = events.find((event) => event.type === 'speech.paused');
    const port = takePort(paused!.audio);
    expect((await collect(readStream<Pcm>(port)))[0]?.samples).toHaveLength(17 * FRAME_SAMPLES);
  });
});
