/**
 * What the conversation itself costs: one session in Node with scripted stages of known delays, microphone frames of
 * 20 ms in real time, 20 turns after warm-up. Overhead is voice to voice (end of speech to first sample played) minus
 * the scripted delays; barge-in is from the decision to the player's command to fall silent.
 */
import { createSession } from '../../core/session/session.ts';
import type { Session } from '../../core/session/session.ts';
import { defaultSettings } from '../../core/settings/settings.ts';
import type { Clock } from '../../core/clock.ts';
import type { Player } from '../../core/stages/player.ts';
import {
  createScriptedRecognizer,
  createScriptedResponder,
  createScriptedSource,
  createScriptedSynthesizer,
  createScriptedTurnDetector,
} from '../support/scripted-stages.ts';
import { createScriptedPlayer } from '../support/scripted-player.ts';
import { report } from './report.ts';
import { spread } from './statistics.ts';

const TURNS = 20;
const WARM_UP = 4;
const FRAME_MS = 20;
const SPEECH_FRAMES = 20;
const PAUSE_MS = 200;
const CONFIRM_MS = 100;
const DELAYS = { sttMs: 150, firstTokenMs: 250, nextTokenMs: 5, firstChunkMs: 100 };
/**
 * The stages take longer than the silence that ends a turn, so that each of them counts. The first sentence is known to
 * be complete when the token after it arrives.
 */
const SCRIPTED_MS = PAUSE_MS + Object.values(DELAYS).reduce((sum, ms) => sum + ms, 0);
const IDLE_SESSIONS = 500;

const clock: Clock = {
  nowMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A scripted delay must not count as overhead: the last three milliseconds are waited for exactly. */
const exactClock: Clock = {
  nowMs: clock.nowMs,
  after(ms, callback) {
    const dueMs = performance.now() + ms;
    let cancelled = false;
    const spin = (): void => {
      if (cancelled) return;
      if (performance.now() >= dueMs) callback();
      else setImmediate(spin);
    };
    const timer = setTimeout(spin, Math.max(0, ms - 3));
    return () => {
      cancelled = true;
      clearTimeout(timer);
    };
  },
};

function createStage(player: Player, at: Clock) {
  const source = createScriptedSource(at);
  const session: Session = createSession(
    {
      clock,
      source,
      recognizer: createScriptedRecognizer(at, { texts: texts(), delayMs: DELAYS.sttMs }),
      responder: createScriptedResponder(at, {
        reply: () => ['It is noon. ', 'The sun is high in the sky. ', 'Would you like to know more?'],
        firstMs: DELAYS.firstTokenMs,
        nextMs: DELAYS.nextTokenMs,
      }),
      synthesizer: createScriptedSynthesizer(at, { firstMs: DELAYS.firstChunkMs, msPerCharacter: 20 }),
      turnDetector: createScriptedTurnDetector(at, { verdicts: [], delayMs: 0 }),
      player,
      toolbox: { descriptions: [], hasSideEffect: () => false, run: () => Promise.resolve('{}') },
      systemPrompt: () => 'Be brief.',
    },
    defaultSettings,
  );
  return { source, session };
}

function texts(): string[] {
  return Array.from({ length: 2 * (TURNS + WARM_UP) }, () => 'What time is it?');
}

/** Waits until the given moment, as the next microphone frame would come. */
function frameAt(ms: number): Promise<void> {
  return new Promise((resolve) => exactClock.after(Math.max(0, ms - performance.now()), resolve));
}

async function measureTurns(): Promise<{ overheads: number[]; bargeIns: number[] }> {
  const loudspeaker = createScriptedPlayer(exactClock);
  let silencedMs = 0;
  const player: Player = {
    ...loudspeaker,
    hold(turn) {
      silencedMs = performance.now();
      loudspeaker.hold(turn);
    },
  };
  const { source, session } = createStage(player, exactClock);
  session.start();
  const overheads: number[] = [];
  const bargeIns: number[] = [];
  let utterance = 0;
  for (let turn = 0; turn < TURNS + WARM_UP; turn += 1) {
    utterance += 1;
    const startMs = performance.now() + FRAME_MS;
    const confirmFrame = CONFIRM_MS / FRAME_MS;
    let speechEndMs = startMs;
    for (let frame = 1; frame <= SPEECH_FRAMES; frame += 1) {
      speechEndMs = startMs + frame * FRAME_MS;
      await frameAt(speechEndMs);
      if (frame === 1) source.started(utterance);
      if (frame === confirmFrame) {
        const decidedMs = performance.now();
        silencedMs = 0;
        source.confirmed(utterance);
        await Promise.resolve();
        await new Promise((resolve) => setImmediate(resolve));
        if (turn >= WARM_UP && silencedMs > 0) bargeIns.push(silencedMs - decidedMs);
      }
    }
    const before = loudspeaker.sounded.length;
    await frameAt(speechEndMs + PAUSE_MS);
    source.paused(utterance, performance.now() - speechEndMs);
    await new Promise<void>((resolve) => {
      const off = session.subscribe(() => {
        if (loudspeaker.sounded.length === before) return;
        off();
        resolve();
      });
    });
    const audibleMs = loudspeaker.sounded[before]?.atMs ?? Number.NaN;
    if (turn >= WARM_UP) overheads.push(audibleMs - speechEndMs - SCRIPTED_MS);
    // The next turn interrupts this reply in its middle.
    await frameAt(audibleMs + 300);
  }
  session.end();
  session.dispose();
  return { overheads, bargeIns };
}

function idleSessionKb(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('run with --expose-gc');
  const sessions: unknown[] = [createStage(createScriptedPlayer(clock), clock)];
  collect();
  const before = process.memoryUsage();
  for (let count = 0; count < IDLE_SESSIONS; count += 1) {
    const stage = createStage(createScriptedPlayer(clock), clock);
    stage.session.start();
    sessions.push(stage);
  }
  collect();
  const after = process.memoryUsage();
  const bytes = after.heapUsed - before.heapUsed + after.external - before.external;
  return sessions.length === 0 ? 0 : Math.round((bytes / IDLE_SESSIONS / 1000) * 10) / 10;
}

const { overheads, bargeIns } = await measureTurns();
const overhead = spread(overheads);
const bargeIn = spread(bargeIns);
const idle = idleSessionKb();
report(
  `Session overhead, scripted stages, ${overheads.length} turns, frames of ${FRAME_MS} ms`,
  [
    ['voice to voice minus scripted delays, ms', `p50 ${overhead.p50}  p95 ${overhead.p95}`],
    [
      'barge-in, decision to silence, ms',
      `p50 ${bargeIn.p50}  p95 ${bargeIn.p95}  (${bargeIns.length} interruptions)`,
    ],
    ['one more idle session, kB', String(idle)],
  ],
  { overhead_ms: overhead, barge_in_ms: bargeIn, idle_session_kb: idle },
);
process.exit(0);
