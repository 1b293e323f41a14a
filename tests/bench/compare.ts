import type { Pcm } from '../../core/audio/pcm.ts';
import { turnCorpus } from '../eval/turn-corpus.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { readWav, soundBounds } from '../support/wav.ts';
import { openSequentialSession } from './sequential.ts';
import { spread, type Spread } from './statistics.ts';
import { openVoiceSession, type VoiceSession } from './voice-session.ts';

/** Turns with one pause that a fixed wait of 700 ms sits out, and that is long enough for Parley to think about. */
const PAUSE_S = { least: 0.25, most: 0.6 };
const PAUSED_TURNS = 12;
/** No answer takes longer to begin. */
const LONGEST_ANSWER_MS = 8000;

export interface Comparison {
  ratio_v2v_p50: number;
  sequential: { v2v_ms: Spread; split_turns: number };
  parley: { v2v_ms: Spread; split_turns: number };
  /** Turns that Parley took before they were complete, and the usual way did not. */
  worse_commits: number;
}

interface Run {
  v2vMs: number[];
  /** Of each turn with a pause: whether it was taken in one piece. */
  whole: boolean[];
}

function pausedTurns(): Pcm[] {
  const fitting = turnCorpus('held-out').filter(({ noise, pauses, endS }) => {
    const [pause, ...others] = pauses;
    if (noise !== 'clean' || pause === undefined || others.length > 0 || endS > 8) return false;
    const lengthS = pause.endS - pause.startS;
    return lengthS >= PAUSE_S.least && lengthS <= PAUSE_S.most;
  });
  return fitting.slice(0, PAUSED_TURNS).map(({ file, endS }) => {
    const { samples, rateHz } = readWav(file);
    return { samples: samples.subarray(0, Math.round((endS + 0.1) * rateHz)), rateHz };
  });
}

async function runTurns(
  session: VoiceSession,
  questions: readonly string[],
  paused: readonly Pcm[],
  countTurns: () => Promise<number>,
): Promise<Run> {
  const { parley } = session;
  const v2vMs: number[] = [];
  const whole: boolean[] = [];
  for (const [index, name] of ['thanks', ...questions].entries()) {
    const { endMs } = await parley.say(fixture(name).pcm);
    await parley.state('speaking');
    await parley.state('listening');
    const recording = await parley.recording(endMs);
    // The first one warms everything up.
    if (index > 0) v2vMs.push(soundBounds(recording).startS * 1000);
  }
  for (const pcm of paused) {
    const before = await countTurns();
    await parley.say(pcm);
    // Where nothing was understood there is no answer.
    await Promise.race([parley.state('speaking'), session.page.waitForTimeout(LONGEST_ANSWER_MS)]);
    await parley.state('listening');
    whole.push((await countTurns()) === before + 1);
  }
  await session.close();
  return { v2vMs, whole };
}

/** The same questions and the same turns with pauses, in the usual way and in Parley's. */
export async function compareWithSequential(
  device: 'wasm' | 'webgpu',
  questions: readonly string[],
): Promise<Comparison> {
  const paused = pausedTurns();
  const usual = await openSequentialSession(device);
  const sequential = await runTurns(usual, questions, paused, () =>
    usual.page.evaluate(() => window.sequentialTurns.length),
  );
  const own = await openVoiceSession({ device });
  const parley = await runTurns(own, questions, paused, () =>
    own.page.locator('.message[data-role="user"]').count(),
  );
  const describe = ({ v2vMs, whole }: Run): Comparison['parley'] => ({
    v2v_ms: spread(v2vMs),
    split_turns: whole.filter((each) => !each).length,
  });
  const worse = parley.whole.filter((whole, index) => !whole && sequential.whole[index] === true).length;
  const [a, b] = [describe(sequential), describe(parley)];
  return {
    ratio_v2v_p50: Math.round((b.v2v_ms.p50 / a.v2v_ms.p50) * 1000) / 1000,
    sequential: a,
    parley: b,
    worse_commits: worse,
  };
}
