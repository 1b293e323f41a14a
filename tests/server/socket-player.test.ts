import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { concatSamples } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { PlaybackEvent } from '../../core/stages/player.ts';
import { createSocketPlayer } from '../../server/realtime/socket-player.ts';

const RATE_HZ = 24_000;
let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => vi.useRealTimers());

/** A loudspeaker whose clock the test moves. */
function setUp() {
  const sent: Float32Array[] = [];
  const events: PlaybackEvent[] = [];
  let idle = 0;
  const player = createSocketPlayer({
    nowMs: () => nowMs,
    send: (samples) => sent.push(samples),
    onIdle: () => (idle += 1),
  });
  void (async () => {
    for await (const event of player.events(new AbortController().signal)) events.push(event);
  })();
  /** Streams and events move on between two ticks. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      await settle();
      nowMs += 20;
      vi.advanceTimersByTime(20);
    }
    await settle();
  }
  return {
    player,
    events,
    pass,
    settle,
    idle: () => idle,
    sentMs: () => (concatSamples(sent).length / RATE_HZ) * 1000,
    find: <Type extends PlaybackEvent['type']>(type: Type) =>
      events.find((event): event is Extract<PlaybackEvent, { type: Type }> => event.type === type),
  };
}

async function* sound(ms: number): AsyncGenerator<Pcm> {
  for (let at = 0; at < ms; at += 100) yield { samples: new Float32Array(2400).fill(0.5), rateHz: RATE_HZ };
}

it('[SRV-8] sends nothing before the turn is taken, then as fast as it is heard, a little ahead', async () => {
  const { player, pass, sentMs, find, idle } = setUp();
  player.enqueue({ turn: 1, clause: 0, audio: sound(1000) });
  await pass(300);
  expect(sentMs()).toBe(0);
  player.release(1);
  await pass(500);
  expect(sentMs()).toBeGreaterThanOrEqual(500);
  expect(sentMs()).toBeLessThanOrEqual(760);
  await pass(700);
  expect(sentMs()).toBeCloseTo(1000, -2);
  expect(find('clip.ended')).toMatchObject({ turn: 1, clause: 0, durationMs: 1000 });
  expect([player.busy(), idle()]).toEqual([false, 1]);
});

it('[SRV-8] says what was heard of a reply that is stopped: less than what was sent', async () => {
  const { player, pass, settle, sentMs, find } = setUp();
  player.enqueue({ turn: 1, clause: 0, audio: sound(2000) });
  await settle();
  player.release(1);
  await pass(600);
  player.stop(1);
  await pass(40);
  const stopped = find('playback.stopped');
  expect(stopped?.clause).toBe(0);
  expect(stopped!.playedMs).toBeLessThan(sentMs());
  expect(stopped!.playedMs).toBeGreaterThan(sentMs() - 300);
  const before = sentMs();
  await pass(200);
  expect(sentMs()).toBe(before);
});

it('[SRV-8] believes the listener about how much was heard, across clauses', async () => {
  const { player, pass, settle, find } = setUp();
  player.enqueue({ turn: 1, clause: 0, audio: sound(400) });
  player.enqueue({ turn: 1, clause: 1, audio: sound(2000) });
  await settle();
  player.release(1);
  await pass(900);
  player.truncate(450);
  player.stop(1);
  await pass(40);
  expect(find('playback.stopped')).toMatchObject({ clause: 1, playedMs: 50 });
});

it('[SRV-8] goes on where a held reply fell silent', async () => {
  const { player, pass, settle, sentMs, find } = setUp();
  player.enqueue({ turn: 1, clause: 0, audio: sound(1000) });
  await settle();
  player.release(1);
  await pass(300);
  player.hold(1);
  await pass(200);
  expect(find('playback.held')).toBeDefined();
  const held = sentMs();
  await pass(200);
  expect(sentMs()).toBe(held);
  player.release(1);
  await pass(1200);
  expect(sentMs()).toBeCloseTo(1000, -2);
  expect(find('clip.ended')).toBeDefined();
});

it('[SRV-8] takes no more from a voice whose turn is over', async () => {
  const { player, pass, settle } = setUp();
  let left = false;
  player.enqueue({
    turn: 1,
    clause: 0,
    audio: (async function* () {
      try {
        for (;;) yield { samples: new Float32Array(2400).fill(0.5), rateHz: RATE_HZ };
      } finally {
        left = true;
      }
    })(),
  });
  await settle();
  player.release(1);
  await pass(100);
  player.stop(1);
  await pass(40);
  expect(left).toBe(true);
  expect(player.busy()).toBe(false);
});
