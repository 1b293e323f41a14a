import { createPlaybackQueue } from '../../core/audio/playback-queue.ts';
import type { QueueEvent } from '../../core/audio/playback-queue.ts';
import { createChannel } from '../../core/channel.ts';
import type { Channel } from '../../core/channel.ts';
import { toAppError } from '../../core/errors.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { Clip, PlaybackEvent, Player } from '../../core/stages/player.ts';

/** How far what is sent runs ahead of what is heard: bridges the jitter of the network, and is lost at an interruption. */
const LEAD_MS = 200;
const TICK_MS = 20;

export interface SocketPlayerDeps {
  nowMs: () => number;
  /** Sound for the listener, at the rate of the wire. */
  send: (samples: Float32Array) => void;
  /** Nothing is sounding or waiting any more. */
  onIdle: () => void;
}

/** A loudspeaker at the other end of a socket. */
export interface SocketPlayer extends Player {
  busy(): boolean;
  /** The listener says how much of the running reply was heard, from its first sound on. */
  truncate(heardMs: number): void;
  dispose(): void;
}

/**
 * Plays at the pace of a real loudspeaker, a little ahead, so that interruptions cut what was not heard, exactly as in
 * the page; whoever listens needs no more than to play what comes.
 */
export function createSocketPlayer({ nowMs, send, onIdle }: SocketPlayerDeps): SocketPlayer {
  const channels = new Set<Channel<PlaybackEvent>>();
  const queue = createPlaybackQueue(WIRE_RATE_HZ, report);
  /** Clips that have neither ended nor been stopped, each by its turn and clause. */
  const open = new Set<string>();
  /** Lengths of the clips of the running reply that have ended. */
  let ended: { turn: number; clause: number; durationMs: number }[] = [];
  /** Events of sound that was sent and not heard yet. */
  let unheard: { event: PlaybackEvent; atMs: number }[] = [];
  let truncatedMs: number | undefined;
  /** Where the running reply is held. */
  let heldAt: Extract<PlaybackEvent, { type: 'playback.held' }> | undefined;
  let sounding = false;
  let held = false;
  let frame = 0;
  /** The clock at frame 0, while ticking. */
  let baseMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function report(event: QueueEvent): void {
    const { type, turn } = event;
    if (type === 'clip.started') {
      if (ended[0]?.turn !== turn) ended = [];
      sounding = true;
    } else if (type === 'clip.ended' || type === 'clip.failed') {
      if (type === 'clip.ended') ended.push({ turn, clause: event.clause, durationMs: event.durationMs });
      sounding = false;
    } else if (type === 'playback.held') {
      held = sounding;
      sounding = false;
      heldAt = { type, turn, atMs: nowMs(), clause: event.clause, playedMs: event.playedMs };
      return emit({ ...heldAt, ...heardOf(heldAt) });
    } else if (type === 'playback.stopped') {
      sounding = false;
      return emit({ type, turn, atMs: nowMs(), ...heardOf(event) });
    }
    if (type === 'clip.ready') return emit({ type, turn, clause: event.clause, atMs: nowMs() });
    const atMs = baseMs + (('frame' in event ? event.frame : frame) / WIRE_RATE_HZ) * 1000;
    unheard.push({ event: dated(event, atMs), atMs });
  }

  /** Tells of what has been heard by now; while the reply is held, nothing is. */
  function tellHeard(): void {
    while (unheard[0] !== undefined && unheard[0].atMs <= nowMs() && !held) {
      const { event } = unheard.shift()!;
      if (event.type === 'clip.ended' || event.type === 'clip.failed')
        open.delete(key(event.turn, event.clause));
      emit(event);
    }
  }

  /** What was sent ahead has not been heard; the listener's own word counts more. */
  function heardOf({ turn, clause, playedMs }: { turn: number; clause: number; playedMs: number }): {
    clause: number;
    playedMs: number;
  } {
    if (clause < 0) return { clause, playedMs };
    const before = ended
      .filter((clip) => clip.turn === turn && clip.clause !== clause)
      .toSorted((a, b) => a.clause - b.clause);
    const sentMs = before.reduce((sum, { durationMs }) => sum + durationMs, playedMs);
    let leftMs = Math.min(truncatedMs ?? Infinity, Math.max(0, sentMs - LEAD_MS));
    for (const each of before) {
      if (leftMs <= each.durationMs) return { clause: each.clause, playedMs: leftMs };
      leftMs -= each.durationMs;
    }
    return { clause, playedMs: leftMs };
  }

  function emit(event: PlaybackEvent): void {
    for (const channel of channels) channel.push(event);
  }

  function tick(): void {
    const until = Math.floor(((nowMs() + LEAD_MS - baseMs) * WIRE_RATE_HZ) / 1000);
    if (until > frame) {
      const out = new Float32Array(until - frame);
      const before = sounding;
      queue.render(out, frame);
      frame = until;
      // A gap within a clip is part of it; beyond clips, silence is not sent.
      if (before || sounding || out.some((sample) => sample !== 0)) send(out);
    }
    tellHeard();
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    onIdle();
  }

  function start(): void {
    if (timer !== undefined) return;
    baseMs = nowMs() - (frame / WIRE_RATE_HZ) * 1000;
    timer = setInterval(tick, TICK_MS);
  }

  async function feed({ turn, clause, audio }: Clip): Promise<void> {
    const chunks = audio[Symbol.asyncIterator]();
    let wanted = 0;
    let wake = (): void => {};
    let cancelled = false;
    const input = queue.enqueue(turn, clause, {
      next() {
        wanted += 1;
        wake();
      },
      cancel() {
        cancelled = true;
        wake();
      },
    });
    try {
      for (;;) {
        while (wanted === 0 && !cancelled) await new Promise<void>((resolve) => (wake = resolve));
        if (cancelled) break;
        wanted -= 1;
        const chunk = await chunks.next();
        if (chunk.done) return input.done();
        input.value(chunk.value);
      }
    } catch (error) {
      return input.error(toAppError(error));
    }
    open.delete(key(turn, clause));
    await chunks.return?.().catch(() => {});
  }

  return {
    async *events(signal) {
      const channel = createChannel<PlaybackEvent>();
      const onAbort = (): void => channel.close();
      channels.add(channel);
      signal.addEventListener('abort', onAbort);
      try {
        yield* channel;
      } finally {
        channels.delete(channel);
        signal.removeEventListener('abort', onAbort);
      }
    },
    enqueue(clip) {
      open.add(key(clip.turn, clip.clause));
      start();
      void feed(clip);
    },
    release(turn) {
      truncatedMs = undefined;
      heldAt = undefined;
      sounding ||= held;
      held = false;
      queue.release(turn);
    },
    hold: (turn) => queue.hold(turn),
    stop(turn) {
      held = false;
      heldAt = undefined;
      unheard = unheard.filter(({ event }) => event.turn > turn);
      for (const each of open) if (Number(each.split('/', 1)[0]) <= turn) open.delete(each);
      queue.stop(turn);
    },
    duck: () => queue.duck(true),
    unduck: () => queue.duck(false),
    busy: () => open.size > 0,
    truncate(heardMs) {
      truncatedMs = heardMs;
      if (heldAt !== undefined) emit({ ...heldAt, ...heardOf(heldAt) });
    },
    dispose() {
      clearInterval(timer);
      // Voices that wait to be asked for more are told that nobody will.
      queue.stop(Number.MAX_SAFE_INTEGER);
    },
  };
}

function dated(event: QueueEvent, atMs: number): PlaybackEvent {
  if (!('frame' in event)) return event;
  const { frame: _frame, ...rest } = event;
  return { ...rest, atMs };
}

function key(turn: number, clause: number): string {
  return `${turn}/${clause}`;
}
