import { describe, expect, it } from 'vitest';
import { createPlaybackQueue, type ClipInput, type QueueEvent } from '../../../core/audio/playback-queue.ts';
import { AppError } from '../../../core/errors.ts';
import { createRandom } from '../../support/random.ts';

const RATE_HZ = 48_000;
const QUANTUM = 128;

/** A loudspeaker in virtual time: every render is one quantum of 128 samples. */
function createLoudspeaker(rateHz = RATE_HZ) {
  const events: QueueEvent[] = [];
  const queue = createPlaybackQueue(rateHz, (event) => events.push(event));
  const sound: number[] = [];

  function enqueue(turn: number, clause: number) {
    const asked = { next: 0, cancelled: 0 };
    const input: ClipInput = queue.enqueue(turn, clause, {
      next: () => asked.next++,
      cancel: () => asked.cancelled++,
    });
    return { ...input, asked, give: (ms: number, level = 0.5) => input.value(constant(ms, level)) };
  }

  function render(ms: number): QueueEvent[] {
    const before = events.length;
    const out = new Float32Array(QUANTUM);
    const until = sound.length + (ms * rateHz) / 1000;
    while (sound.length < until) {
      queue.render(out, sound.length);
      sound.push(...out);
    }
    return events.slice(before);
  }

  function constant(ms: number, level: number) {
    return { samples: new Float32Array((ms * rateHz) / 1000).fill(level), rateHz };
  }

  return { queue, events, sound, enqueue, render };
}

/** What happened, progress aside. */
function types(events: readonly QueueEvent[]): string {
  return events
    .map((event) => event.type)
    .filter((type) => type !== 'clip.progress')
    .join(' ');
}

function largestStep(sound: readonly number[]): number {
  return sound.reduce(
    (largest, sample, n) => Math.max(largest, Math.abs(sample - (sound[n - 1] ?? sample))),
    0,
  );
}

describe('playback queue', () => {
  it('holds a clip back until its turn is released', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    const clip = enqueue(1, 0);
    clip.give(100);
    clip.done();
    expect(types(render(50))).toBe('');
    expect(Math.max(...sound)).toBe(0);
    queue.release(1);
    expect(types(render(150))).toBe('clip.started clip.ended');
  });

  it('lets a clip sound at once when its turn was released before it came', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(3);
    const clip = enqueue(3, 0);
    clip.give(100);
    expect(types(render(10))).toBe('clip.started');
  });

  it('says when the first samples have arrived', () => {
    const { enqueue, events } = createLoudspeaker();
    const clip = enqueue(1, 0);
    clip.give(20);
    clip.give(20);
    expect(events).toEqual([{ type: 'clip.ready', turn: 1, clause: 0, frame: 0 }]);
  });

  it('waits for 60 ms of audio, or for all of a shorter clip', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(59);
    expect(types(render(20))).toBe('');
    clip.give(1);
    expect(types(render(10))).toBe('clip.started');

    const short = enqueue(1, 1);
    clip.done();
    short.give(10);
    short.done();
    expect(types(render(100))).toBe('clip.ended clip.started clip.ended');
  });

  it('reports exact positions: start, progress, length', () => {
    const { queue, enqueue, render, events } = createLoudspeaker();
    render(10);
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(1_000);
    clip.done();
    render(1_100);
    const start = events.find((event) => event.type === 'clip.started');
    expect(start).toEqual({ type: 'clip.started', turn: 1, clause: 0, frame: 4 * QUANTUM });
    const progress = events.filter((event) => event.type === 'clip.progress').map((event) => event.playedMs);
    expect(progress.length).toBeGreaterThanOrEqual(10);
    progress.forEach((playedMs, n) => expect(playedMs - (progress[n - 1] ?? 0)).toBeLessThanOrEqual(100));
    expect(events.at(-1)).toEqual({ type: 'clip.ended', turn: 1, clause: 0, durationMs: 1_000 });
  });

  it('tells the length of a clip with its progress once all of it has arrived', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(300);
    expect(render(60).find((event) => event.type === 'clip.progress')).not.toHaveProperty('durationMs');
    clip.done();
    expect(render(60).find((event) => event.type === 'clip.progress')).toMatchObject({ durationMs: 300 });
  });

  it('plays clauses in their order, without a gap, whatever order they came in', () => {
    const { queue, enqueue, render, sound, events } = createLoudspeaker();
    const second = enqueue(1, 1);
    const first = enqueue(1, 0);
    second.give(100, 0.25);
    second.done();
    first.give(100, 0.5);
    first.done();
    queue.release(1);
    render(250);
    const starts = events.filter((event) => event.type === 'clip.started');
    expect(starts.map((event) => [event.clause, event.frame])).toEqual([
      [0, 0],
      [1, 4_800],
    ]);
    expect(sound.slice(0, 4_800).every((sample) => sample === 0.5)).toBe(true);
    expect(sound.slice(4_800, 9_600).every((sample) => sample === 0.25)).toBe(true);
  });

  it('asks for sixteen chunks ahead, and for one clause after another', () => {
    const { enqueue } = createLoudspeaker();
    const first = enqueue(1, 0);
    const second = enqueue(1, 1);
    expect([first.asked.next, second.asked.next]).toEqual([16, 0]);
    first.give(100);
    expect([first.asked.next, second.asked.next]).toEqual([17, 0]);
    first.done();
    expect([first.asked.next, second.asked.next]).toEqual([17, 16]);
  });

  it('stops asking above ten seconds and goes on when there is room', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    const clip = enqueue(1, 0);
    clip.give(9_000);
    clip.give(2_000);
    expect(clip.asked.next).toBe(17);
    queue.release(1);
    render(900);
    expect(clip.asked.next).toBe(17);
    render(200);
    expect(clip.asked.next).toBe(18);
  });

  it('is silent in a gap, counts it, and goes on when there is enough again', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(100);
    expect(types(render(150))).toBe('clip.started');
    expect(Math.abs(sound.at(-1)!)).toBeLessThan(0.001);
    clip.give(30);
    expect(render(50)).toEqual([]);
    clip.give(100);
    clip.done();
    const events = render(200);
    expect(types(events)).toBe('clip.ended');
    expect(events.at(-1)).toMatchObject({ durationMs: 230 });
  });

  it('counts underruns within their turn, when the late audio comes', () => {
    const { queue, enqueue, render, events } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    for (let gap = 0; gap < 3; gap++) {
      clip.give(100);
      render(150);
    }
    const underruns = events.filter((event) => event.type === 'underrun');
    expect(underruns).toEqual([
      { type: 'underrun', turn: 1, count: 1 },
      { type: 'underrun', turn: 1, count: 2 },
    ]);
  });

  it('does not count the end of a clip as an underrun, however late it is announced', () => {
    const { queue, enqueue, render, events } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(100);
    render(300);
    clip.done();
    render(10);
    expect(types(events)).toBe('clip.ready clip.started clip.ended');
  });

  it('fades out within 5 ms of a stop and says how far the person heard', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    const next = enqueue(1, 1);
    clip.give(1_000);
    clip.done();
    render(200);
    const from = sound.length;
    queue.stop(1);
    expect(render(20)).toEqual([
      {
        type: 'playback.stopped',
        turn: 1,
        frame: from + 240,
        clause: 0,
        playedMs: (from + 240) / 48,
        durationMs: 1_000,
      },
    ]);
    expect(sound.slice(from + 240).every((sample) => sample === 0)).toBe(true);
    expect(largestStep(sound.slice(from - 1))).toBeLessThan(0.003);
    expect(next.asked.cancelled).toBe(1);
    expect(render(1_000)).toEqual([]);
  });

  it('reports the last clause that was heard when a stop falls between two', () => {
    const { queue, enqueue, render, events } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.give(100);
    clip.done();
    enqueue(1, 1);
    render(200);
    queue.stop(1);
    expect(events.at(-1)).toMatchObject({
      type: 'playback.stopped',
      clause: 0,
      playedMs: 100,
      durationMs: 100,
    });
  });

  it('answers the stop of a turn that never sounded with clause −1', () => {
    const { queue, enqueue, events } = createLoudspeaker();
    const clip = enqueue(2, 0);
    clip.give(500);
    queue.stop(2);
    expect(events.at(-1)).toEqual({ type: 'playback.stopped', turn: 2, frame: 0, clause: -1, playedMs: 0 });
    expect(clip.asked.cancelled).toBe(1);
  });

  it('answers two stops of the same turn with one report while it fades', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    enqueue(1, 0).give(500);
    render(100);
    queue.stop(1);
    queue.stop(1);
    expect(types(render(20))).toBe('playback.stopped');
  });

  it('cancels clips that come for a turn that is over, and ignores their late audio', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    const early = enqueue(4, 0);
    queue.stop(4);
    queue.release(4);
    const late = enqueue(4, 1);
    expect(late.asked).toEqual({ next: 0, cancelled: 1 });
    early.give(500);
    late.give(500);
    expect(types(render(100))).toBe('');
    expect(Math.max(...sound)).toBe(0);
  });

  it('leaves the next turn alone when one is stopped', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    enqueue(1, 0).give(500);
    const next = enqueue(2, 0);
    render(50);
    queue.stop(1);
    next.give(100);
    next.done();
    queue.release(2);
    expect(types(render(150))).toBe('playback.stopped clip.started clip.ended');
  });

  it('falls silent within 5 ms of a hold, keeps the clip, and goes on where it stopped without a click', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    const clip = enqueue(1, 0);
    clip.give(400);
    clip.done();
    queue.release(1);
    render(200);
    queue.hold(1);
    const [held] = render(20).filter(({ type }) => type === 'playback.held');
    expect(held).toMatchObject({ clause: 0, durationMs: 400 });
    const playedMs = held?.type === 'playback.held' ? held.playedMs : 0;
    expect(playedMs).toBeGreaterThanOrEqual(200);
    expect(playedMs).toBeLessThan(208);
    const quietFrom = sound.length;
    expect(types(render(300))).toBe('');
    expect(Math.max(...sound.slice(quietFrom))).toBeLessThan(1e-3);
    queue.release(1);
    const ended = render(400 - playedMs + 10).find(({ type }) => type === 'clip.ended');
    expect(ended).toMatchObject({ durationMs: 400 });
    expect(largestStep(sound.slice(1))).toBeLessThan(0.05);
  });

  it('stops a held turn at the position where it was held', () => {
    const { queue, events, enqueue, render } = createLoudspeaker();
    const clip = enqueue(1, 0);
    clip.give(400);
    clip.done();
    queue.release(1);
    render(200);
    queue.hold(1);
    render(100);
    queue.stop(1);
    render(100);
    const held = events.find(({ type }) => type === 'playback.held');
    const stopped = events.find(({ type }) => type === 'playback.stopped');
    expect(stopped).toMatchObject({ clause: 0 });
    expect(stopped?.type === 'playback.stopped' && stopped.playedMs).toBe(
      held?.type === 'playback.held' && held.playedMs,
    );
    queue.release(1);
    expect(types(render(100))).toBe('');
  });

  it('answers a hold between two clauses, and a stop during the fade of a hold', () => {
    const { queue, events, enqueue, render } = createLoudspeaker();
    queue.release(1);
    queue.hold(1);
    enqueue(1, 0).give(400);
    render(100);
    expect(types(events)).toBe('playback.held clip.ready');
    queue.release(1);
    render(100);
    queue.hold(1);
    queue.stop(1);
    render(100);
    expect(types(events)).toBe('playback.held clip.ready clip.started playback.stopped');
  });

  it('lowers the voice by 15 dB within 10 ms while ducked, and raises it again', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker();
    queue.release(1);
    enqueue(1, 0).give(1_000);
    render(100);
    queue.duck(true);
    render(16);
    expect(20 * Math.log10(sound.at(-1)! / 0.5)).toBeCloseTo(-15, 1);
    queue.duck(false);
    render(16);
    expect(sound.at(-1)).toBeCloseTo(0.5, 6);
    expect(largestStep(sound.slice(1))).toBeLessThan(0.002);
  });

  it('plays what came before a failure and reports it then', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    const next = enqueue(1, 1);
    clip.give(100);
    clip.error(new AppError('engine.failed', 'The voice broke.'));
    next.give(100);
    next.done();
    expect(types(render(300))).toBe('clip.started clip.failed clip.started clip.ended');
  });

  it.each([
    ['NaN samples', { samples: Float32Array.of(Number.NaN), rateHz: 22_050 }],
    ['infinite samples', { samples: Float32Array.of(Number.POSITIVE_INFINITY), rateHz: 22_050 }],
    ['no rate', { samples: new Float32Array(10), rateHz: Number.NaN }],
    ['a broken rate', { samples: new Float32Array(10), rateHz: 22_050.5 }],
    ['an hour at once', { samples: new Float32Array(3_600 * 8_000), rateHz: 8_000 }],
  ])('fails a clip with %s and tells its source', (_, pcm) => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    const clip = enqueue(1, 0);
    clip.value(pcm);
    expect(clip.asked.cancelled).toBe(1);
    expect(render(10)).toEqual([expect.objectContaining({ type: 'clip.failed', code: 'audio.invalid' })]);
  });

  it('ends a clip without any audio', () => {
    const { queue, enqueue, render } = createLoudspeaker();
    queue.release(1);
    enqueue(1, 0).done();
    expect(render(5)).toEqual([{ type: 'clip.ended', turn: 1, clause: 0, durationMs: 0 }]);
  });

  it('plays a voice of another rate without a click between its chunks', () => {
    const { queue, enqueue, render, sound } = createLoudspeaker(44_100);
    queue.release(1);
    const clip = enqueue(1, 0);
    const random = createRandom(5).next;
    const voice = Float32Array.from(
      { length: 22_050 },
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 300 * n) / 22_050),
    );
    for (let from = 0; from < voice.length;) {
      const to = from + 1 + Math.floor(random() * 4_000);
      clip.value({ samples: voice.slice(from, to), rateHz: 22_050 });
      from = to;
    }
    clip.done();
    const ended = render(1_100).find((event) => event.type === 'clip.ended');
    expect(ended).toMatchObject({ durationMs: 1_000 });
    const steepest = 0.5 * 2 * Math.PI * (300 / 44_100);
    expect(largestStep(sound.slice(200, 43_900))).toBeLessThan(steepest * 1.01);
  });
});
