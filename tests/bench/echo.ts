/**
 * The real page in a room that echoes: what it plays comes back to its microphone at −6, −12 and −20 dB after 20, 80
 * and 200 ms, and the buffers of the browser on top. In each room it speaks three replies while nobody talks, and is
 * then interrupted, 30 times in all, by voices that were never used in training.
 *
 * A reply is held when its own echo silenced it, and cut when it did not go on; a ghost is a turn that nobody took. An
 * interruption works when the reply stops for good and what was said becomes a turn.
 *
 * Options: --json. Build first: `npm run bench:echo` does.
 */
import { enterRoom, hearReply, interrupt } from '../support/echo-room.ts';
import type { Room } from '../support/echo-room.ts';
import { report } from './report.ts';
import { openVoiceSession } from './voice-session.ts';

const LEVELS_DB = [-6, -12, -20];
const DELAYS_MS = [20, 80, 200];
const ROOMS = LEVELS_DB.flatMap((gainDb) => DELAYS_MS.map((delayMs): Room => ({ gainDb, delayMs })));
const REPLIES = ['What can you do?', 'What is the weather like?', 'Call my mother.'];
/** Typed, for an answer that lasts. */
const LONG_ANSWERS = [
  'What can you do?',
  'What is the weather like?',
  'Call my mother.',
  'Please play some music.',
];
const WORDS = ['stop', 'wait', 'name-ask'];
const INTERRUPTIONS = 30;

const { parley, close } = await openVoiceSession({ device: 'wasm' });
const verdicts: string[] = [];
const measuredMs: number[] = [];
const byLevel = new Map(
  LEVELS_DB.map((gainDb) => [
    gainDb,
    { replies: 0, held: 0, cut: 0, ghosts: 0, interruptions: 0, worked: 0 },
  ]),
);

function countsOf({ gainDb }: Room) {
  const counts = byLevel.get(gainDb);
  if (counts === undefined) throw new Error(`no level ${gainDb}`);
  return counts;
}

for (const room of ROOMS) {
  const { verdict, delayMs } = await enterRoom(parley, room);
  verdicts.push(verdict);
  measuredMs.push(Math.round(delayMs));
  const counts = countsOf(room);
  for (const question of REPLIES) {
    const outcome = await hearReply(parley, question);
    counts.replies += 1;
    counts.held += outcome.held;
    counts.cut += outcome.cut ? 1 : 0;
    counts.ghosts += outcome.ghosts;
  }
}

let tried = 0;
for (let count = 0; tried < INTERRUPTIONS && count < 2 * INTERRUPTIONS; count += 1) {
  const room = ROOMS[count % ROOMS.length]!;
  await enterRoom(parley, room);
  const worked = await interrupt(
    parley,
    LONG_ANSWERS[count % LONG_ANSWERS.length]!,
    WORDS[tried % WORDS.length]!,
  );
  if (worked === undefined) continue;
  tried += 1;
  const counts = countsOf(room);
  counts.interruptions += 1;
  counts.worked += worked ? 1 : 0;
}
await close();

const all = [...byLevel.values()];
const sum = (key: 'replies' | 'held' | 'cut' | 'ghosts' | 'interruptions' | 'worked'): number =>
  all.reduce((total, counts) => total + counts[key], 0);
const result = {
  replies: sum('replies'),
  held: sum('held'),
  cut: sum('cut'),
  ghost_turns: sum('ghosts'),
  interruptions: sum('interruptions'),
  interruptions_worked: sum('worked'),
  by_level_db: Object.fromEntries(byLevel),
  verdicts,
  echo_delays_ms: measuredMs,
};
report(
  `The page in ${ROOMS.length} echoing rooms, Chromium on wasm`,
  [
    ['replies', String(result.replies)],
    ['held by their own echo (goal 0)', String(result.held)],
    ['cut by their own echo (goal 0)', String(result.cut)],
    ['turns that nobody took (goal 0)', String(result.ghost_turns)],
    [
      `interruptions that worked (goal 27 of 30)`,
      `${result.interruptions_worked} of ${result.interruptions}`,
    ],
    ['what the self-test chose', verdicts.join(' ')],
    ['delays that it measured, ms', measuredMs.join(' ')],
  ],
  result,
);
