/**
 * Talking over the real page, in Chromium with the starter models: 30 interruptions, 30 words of agreement and 30 noises,
 * each while an answer is spoken. An interruption is timed from the onset of its sound to silence, and what the history
 * calls heard is compared with what a recogniser hears in the recording. Agreement and noise must stop nothing for good.
 *
 * Options: --json. `npm run bench:interruptions` builds first.
 */
import { readFileSync } from 'node:fs';
import type { Pcm } from '../../core/audio/pcm.ts';
import { nonSpeech } from '../eval/noise.ts';
import { ensureVoices, speakHeldout, type HeldoutVoice } from '../eval/speak-heldout.ts';
import { openEar } from '../support/ear.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { spokenForm, wordErrors } from '../support/spoken-form.ts';
import { beginAnswer, interrupt, LONG_ANSWERS } from './interrupt.ts';
import { report } from './report.ts';
import { spread } from './statistics.ts';
import { openVoiceSession } from './voice-session.ts';

const TRIALS = 30;
const WORDS = ['wait', 'name-ask', 'time', 'stop', 'joke', 'weather', 'date', 'identity', 'lights', 'music'];
const AGREEMENT = ['right', 'okay', 'yeah', 'I see', 'uh huh', 'mm hmm'];
const NOISE_S = 1.5;

const voices = JSON.parse(readFileSync('tools/starter-models/heldout_voices.json', 'utf8')) as HeldoutVoice[];

function agreement(trial: number): Pcm {
  const voice = voices[trial % voices.length]!;
  return speakHeldout(AGREEMENT[trial % AGREEMENT.length] ?? '', voice);
}

/** Kinds of noise that a room makes, at the loudness of the room. */
function noises(): Pcm[] {
  const steady = nonSpeech(NOISE_S).filter(({ name }) => name !== 'silence');
  return [fixture('cough').pcm, fixture('click').pcm, ...steady.map(({ pcm }) => pcm)];
}

/** Words of `text` that sounded: the beginning of it that is nearest to what was recognised. */
function soundedWords(text: string, recognised: string): number {
  const words = spokenForm(text).split(' ');
  const heard = spokenForm(recognised)
    .split(' ')
    .filter((word) => word !== '');
  const errors = Array.from({ length: words.length + 1 }, (_, count) =>
    wordErrors(words.slice(0, count), heard),
  );
  return errors.indexOf(Math.min(...errors));
}

ensureVoices();
const session = await openVoiceSession({ device: 'wasm' });
const { page, parley } = session;
const ear = await openEar();

const bargeIns: number[] = [];
const byWord = new Map<string, number[]>();
const wordsOff: number[] = [];
for (let trial = 0; bargeIns.length < TRIALS && trial < 2 * TRIALS; trial += 1) {
  const name = WORDS[trial % WORDS.length] ?? 'wait';
  const request = LONG_ANSWERS[trial % LONG_ANSWERS.length] ?? '';
  const measured = await interrupt(session, request, fixture(name).pcm);
  if (measured === undefined) continue;
  bargeIns.push(measured.bargeInMs);
  byWord.set(name, [...(byWord.get(name) ?? []), measured.bargeInMs]);
  const { text, heard, recording } = measured.answer;
  const sounded = soundedWords(text, await ear.words(recording));
  const claimed = spokenForm(heard)
    .split(' ')
    .filter((word) => word !== '').length;
  wordsOff.push(Math.abs(sounded - claimed));
}

/** How many of the sounds stopped an answer for good, or became a turn. */
async function stoppedBy(sound: (trial: number) => Pcm): Promise<number> {
  let stopped = 0;
  for (let trial = 0; trial < TRIALS; trial += 1) {
    await beginAnswer(session, LONG_ANSWERS[trial % LONG_ANSWERS.length] ?? '');
    await parley.say(sound(trial));
    await parley.state('listening');
    const ended = await page.locator('.message[data-role="assistant"]').first().getAttribute('data-state');
    const questions = await page.locator('.message[data-role="user"]').count();
    if (ended !== 'final' || questions !== 1) stopped += 1;
  }
  return stopped;
}

const byAgreement = await stoppedBy(agreement);
const sounds = noises();
const byNoise = await stoppedBy((trial) => sounds[trial % sounds.length]!);
await ear.close();
await session.close();

const bargeIn = spread(bargeIns);
const off = wordsOff.filter((words) => words > 1).length;
report(
  `Talking over an answer in Chromium on wasm, ${TRIALS} times each`,
  [
    ['onset to silence, ms (goal p95 150)', `p50 ${bargeIn.p50.toFixed(0)}   p95 ${bargeIn.p95.toFixed(0)}`],
    ...[...byWord].map(([name, values]): [string, string] => [
      `  "${fixture(name).text}"`,
      `p50 ${spread(values).p50.toFixed(0)}`,
    ]),
    ['history more than one word off (goal 0)', `${off} of ${wordsOff.length}`],
    ['stopped for good by agreement (goal 0)', `${byAgreement} of ${TRIALS}`],
    ['stopped for good by noise (goal 0)', `${byNoise} of ${TRIALS}`],
  ],
  {
    trials: bargeIns.length,
    barge_in_ms: bargeIn,
    history_off: off,
    stopped_by_agreement: byAgreement,
    stopped_by_noise: byNoise,
  },
);
