/**
 * The real page over real audio: 20 spoken questions and 20 interruptions, in Chromium, with the starter models.
 *
 * Voice to voice is from the end of sound in the question to the first sample of the answer that leaves the page, both
 * taken from the audio itself. Overhead is what remains of it after the wait for silence (end of sound to endpoint) and
 * the model time that is left then (endpoint to first chunk, where that comes later). Barge-in is from the onset of
 * sound in the interruption to the end of the interrupted answer, as played and as the player reports it.
 *
 * Options: --device wasm|webgpu, --json; --compare sequential runs the same questions, and turns with a pause in their
 * middle, in the usual way too: a fixed silence of 700 ms, then one stage after another. Build first: `npm run bench:voice` does.
 */
import type { Pcm } from '../../core/audio/pcm.ts';
import type { TurnTrace } from '../../core/turn/trace.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { soundBounds } from '../support/wav.ts';
import { compareWithSequential, type Comparison } from './compare.ts';
import { interrupt, LONG_ANSWERS } from './interrupt.ts';
import { report } from './report.ts';
import { spread } from './statistics.ts';
import type { Spread } from './statistics.ts';
import { openVoiceSession, pageMegabytes } from './voice-session.ts';
import type { VoiceSession } from './voice-session.ts';

const QUESTIONS = [
  'time',
  'calculate-times',
  'identity',
  'weather',
  'music',
  'how-are-you',
  'thanks',
  'joke',
  'lights',
  'date',
];
const TURNS = 20;
const INTERRUPTIONS = 20;

const STAGES = [
  'pauseMs',
  'transcriptMs',
  'endpointMs',
  'firstTokenMs',
  'firstClauseMs',
  'firstChunkMs',
  'firstAudibleMs',
] as const;

interface Turn {
  v2vMs: number;
  overheadMs: number;
  stages: Partial<Record<(typeof STAGES)[number], number>>;
}

/** When the recording first (last) holds sound, in epoch milliseconds. */
function soundAt(recording: Pcm & { startMs: number }, which: 'startS' | 'endS'): number {
  return recording.startMs + soundBounds(recording)[which] * 1000;
}

async function lastTrace({ parley }: VoiceSession, count: number): Promise<TurnTrace> {
  const traces = await parley.traces();
  const trace = traces[count - 1];
  if (trace === undefined) throw new Error(`turn ${count} left no trace`);
  return trace;
}

async function measureTurn(session: VoiceSession, name: string): Promise<Turn> {
  const { parley } = session;
  const before = (await parley.traces()).length;
  const { endMs } = await parley.say(fixture(name).pcm);
  await parley.state('speaking');
  await parley.state('listening');
  const trace = await lastTrace(session, before + 1);
  const v2vMs = soundAt(await parley.recording(endMs), 'startS') - endMs;
  const endpointMs = trace.endpointMs ?? Number.NaN;
  const modelMs = Math.max(0, (trace.firstChunkMs ?? Number.NaN) - endpointMs);
  const stages = Object.fromEntries(STAGES.map((mark) => [mark, (trace[mark] ?? Number.NaN) - endMs]));
  return { v2vMs, overheadMs: v2vMs - (endpointMs - endMs) - modelMs, stages };
}

const device = process.argv.includes('webgpu') ? 'webgpu' : 'wasm';
const session = await openVoiceSession({ device });
const turns: Turn[] = [];
const bargeIns: number[] = [];
await measureTurn(session, 'thanks');
await session.page.evaluate(() => window.voiceKit.longTasks.splice(0));
const megabytes = [await pageMegabytes(session.page)];
for (let count = 0; count < TURNS; count += 1) {
  turns.push(await measureTurn(session, QUESTIONS[count % QUESTIONS.length] ?? 'time'));
}
const underruns = (await session.parley.traces()).reduce((sum, trace) => sum + (trace.underruns ?? 0), 0);
const longTasks = await session.page.evaluate(() => window.voiceKit.longTasks.length);
megabytes.push(await pageMegabytes(session.page));
for (let count = 0; bargeIns.length < INTERRUPTIONS && count < 2 * INTERRUPTIONS; count += 1) {
  const request = LONG_ANSWERS[count % LONG_ANSWERS.length] ?? '';
  const measured = await interrupt(session, request, fixture('wait').pcm);
  if (measured !== undefined) bargeIns.push(measured.bargeInMs);
}
megabytes.push(await pageMegabytes(session.page));
await session.close();
const comparison = process.argv.includes('sequential')
  ? await compareWithSequential(
      device,
      Array.from({ length: TURNS }, (_, count) => QUESTIONS[count % QUESTIONS.length] ?? 'time'),
    )
  : undefined;

const stages = Object.fromEntries(
  STAGES.map((mark): [string, Spread] => [
    mark,
    spread(turns.map((turn) => turn.stages[mark] ?? Number.NaN)),
  ]),
);
const result = {
  device,
  turns: turns.length,
  v2v_ms: spread(turns.map(({ v2vMs }) => v2vMs)),
  overhead_ms: spread(turns.map(({ overheadMs }) => overheadMs)),
  barge_in_ms: spread(bargeIns),
  stages_ms: stages,
  underruns,
  long_tasks: longTasks,
  page_mb: Math.max(...megabytes),
  ...comparison,
};
const show = ({ p50, p95 }: Spread): string =>
  `p50 ${p50.toFixed(0).padStart(6)}   p95 ${p95.toFixed(0).padStart(6)}`;
function comparisonRows({ sequential, parley, ...rest }: Comparison): [string, string][] {
  return [
    ['the usual way, voice to voice', show(sequential.v2v_ms)],
    ["Parley's way, voice to voice", show(parley.v2v_ms)],
    ['ratio of the medians (goal 0.5)', String(rest.ratio_v2v_p50)],
    ['turns split at a pause, usual / Parley', `${sequential.split_turns} / ${parley.split_turns}`],
    ['turns that only Parley split (goal 0)', String(rest.worse_commits)],
  ];
}

report(
  `Voice to voice in Chromium on ${device}, ${turns.length} turns, milliseconds after the end of speech`,
  [
    ...Object.entries(stages).map(([name, value]): [string, string] => [
      name.replace(/Ms$/, ''),
      show(value),
    ]),
    ['voice to voice', show(result.v2v_ms)],
    ['overhead (goal p95 30)', show(result.overhead_ms)],
    [`barge-in, ${bargeIns.length} times (goal p95 150)`, show(result.barge_in_ms)],
    ['underruns (goal 0)', String(underruns)],
    ['main-thread tasks over 50 ms (goal 0)', String(longTasks)],
    ['page memory, MB', String(result.page_mb)],
    ...(comparison === undefined ? [] : comparisonRows(comparison)),
  ],
  result,
);
