/**
 * How often people are cut off, and how long they wait: recorded turns of held-out voices (tests/eval/turn-corpus.ts) go
 * through the product's own voice activity detection, recogniser and turn detectors; then each is taken by the product's
 * patience (core/turn/patience.ts) and, for comparison, after a fixed silence. The trade between cutting off and waiting is
 * swept by adding a constant to the log odds, and by the pace. Delays are from the acoustic end of the speech and contain the work
 * of the models on this machine.
 */
import { defaultSettings } from '../../core/settings/settings.ts';
import { silenceBeforeTurn, TYPICAL_SPEAKER } from '../../core/turn/patience.ts';
import type { Pace } from '../../core/turn/patience.ts';
import { turnCorpus } from '../eval/turn-corpus.ts';
import { report } from './report.ts';
import { spread } from './statistics.ts';
import { openTurnListener } from './turn-listener.ts';
import type { JudgedPause, Opinions } from './turn-listener.ts';
import { mean, replay, withinCutOffs, withinDelay } from './turn-replay.ts';
import type { JudgedTurn, Outcome } from './turn-replay.ts';

const BUDGET_MS = 300;
const MOST_CUT_OFF = 0.05;
const PACES: readonly Pace[] = ['quick', 'balanced', 'patient'];
const SHIFTS = Array.from({ length: 81 }, (_, index) => (index - 40) / 5);
const SILENCES_MS = Array.from({ length: 140 }, (_, index) => 200 + 20 * index);
const softPauseMs = defaultSettings.listening.minSilenceMs;

interface Heard {
  endMs: number;
  lengthMs: number;
  noise: string;
  pauses: JudgedPause[];
}

function shifted(probability: number, shift: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return 1 / (1 + Math.exp(-Math.log(inside / (1 - inside)) - shift));
}

const patience = (pace: Pace, shift: number) => (probability: number | undefined) =>
  silenceBeforeTurn(probability === undefined ? undefined : shifted(probability, shift), {
    pace,
    speaker: TYPICAL_SPEAKER,
    softPauseMs,
  });

function judgedBy(heard: readonly Heard[], detector: keyof Opinions | 'vad'): JudgedTurn[] {
  return heard.map(({ pauses, ...turn }) => ({
    ...turn,
    pauses: pauses.map(({ opinions, workMs, ...pause }) =>
      detector === 'vad'
        ? { ...pause, probability: undefined, workMs: 0 }
        : { ...pause, probability: opinions[detector], workMs },
    ),
  }));
}

function outcomesOf(heard: readonly Heard[], detector: keyof Opinions | 'vad'): Outcome[] {
  const turns = judgedBy(heard, detector);
  if (detector === 'vad') return SILENCES_MS.map((silenceMs) => replay(turns, () => silenceMs));
  return PACES.flatMap((pace) => SHIFTS.map((shift) => replay(turns, patience(pace, shift))));
}

const round = (value: number, digits = 4): number => Number(value.toFixed(digits));

function figures(outcomes: readonly Outcome[]) {
  const quick = withinDelay(outcomes, BUDGET_MS);
  const calm = withinCutOffs(outcomes, MOST_CUT_OFF);
  return {
    false_cutoffs_at_300ms: quick ? round(quick.cutOffs) : null,
    mean_delay_ms_at_5pct: calm ? round(mean(calm.delaysMs), 0) : null,
    p95_delay_ms_at_5pct: calm ? round(spread(calm.delaysMs).p95, 0) : null,
  };
}

/** What a person gets who changes no setting. */
function asShipped(heard: readonly Heard[]) {
  return Object.fromEntries(
    PACES.map((pace) => {
      const { cutOffs, delaysMs } = replay(judgedBy(heard, 'combined'), patience(pace, 0));
      return [
        pace,
        {
          cutoffs: round(cutOffs),
          mean_ms: round(mean(delaysMs), 0),
          p95_ms: round(spread(delaysMs).p95, 0),
        },
      ];
    }),
  );
}

// With --check the turns are those that constants are chosen on, by other voices than the figures.
const corpus = turnCorpus(process.argv.includes('--check') ? 'check' : 'held-out');
const listener = await openTurnListener();
const heard: Heard[] = [];
for (const turn of corpus) {
  heard.push({ endMs: turn.endS * 1000, noise: turn.noise, ...(await listener.listen(turn)) });
}
await listener.close();

const detectors = ['vad', 'text', 'audio', 'combined'] as const;
const of = (turns: readonly Heard[]) =>
  Object.fromEntries(detectors.map((detector) => [detector, figures(outcomesOf(turns, detector))]));
const all = of(heard);
const workMs = heard.flatMap(({ pauses }) => pauses.map((pause) => pause.workMs));
const result = {
  turns: corpus.length,
  ...all,
  clean: of(heard.filter(({ noise }) => noise === 'clean')),
  noise: of(heard.filter(({ noise }) => noise !== 'clean')),
  as_shipped: asShipped(heard),
  work_ms: spread(workMs),
};
report(
  `Taking turns, ${corpus.length} turns`,
  [
    ...detectors.map((detector) => {
      const {
        false_cutoffs_at_300ms: cut,
        mean_delay_ms_at_5pct: waited,
        p95_delay_ms_at_5pct: p95,
      } = all[detector]!;
      const share = cut === null ? 'never within 300 ms' : `${(100 * cut).toFixed(1)} % cut off at 300 ms`;
      const delay = waited === null ? 'no 5 %' : `mean ${waited} ms, p95 ${p95} ms at 5 %`;
      return [
        detector,
        `${share}; ${delay}${detector === 'combined' ? '  (goals 10 %, 550 ms)' : ''}`,
      ] as const;
    }),
    ...Object.entries(result.as_shipped).map(
      ([pace, { cutoffs, mean_ms: waited, p95_ms: p95 }]) =>
        [
          `as shipped, ${pace}`,
          `${(100 * cutoffs).toFixed(1)} % cut off, mean ${waited} ms, p95 ${p95} ms`,
        ] as const,
    ),
    ['work after the pause is noticed', `p50 ${result.work_ms.p50} ms, p95 ${result.work_ms.p95} ms`],
  ],
  result,
);
