import type { Pcm } from '../../core/audio/pcm.ts';
import { soundBounds } from '../support/wav.ts';
import type { VoiceSession } from './voice-session.ts';

/** Typed, for an answer that lasts. */
export const LONG_ANSWERS = [
  'What is the weather like?',
  'What can you do?',
  'Please play some music.',
  'Call my mother.',
];
/** Into the answer before it is interrupted, so that the echo of its start is over. */
const INTERRUPT_AFTER_MS = 300;
/** After the onset of an interruption: long enough to fall silent, too short for its answer. */
const WINDOW_MS = 500;

export interface Interruption {
  /** From the onset of sound to silence: as the player reports it, or later where something still sounded. */
  bargeInMs: number;
  /** The interrupted answer: all of it, what the history calls heard, and what came out of the loudspeaker. */
  answer: { text: string; heard: string; recording: Pcm };
}

/** Types a request in a conversation of its own and waits until its answer sounds. */
export async function beginAnswer({ parley, page }: VoiceSession, request: string): Promise<number> {
  // A history of nothing but broken-off answers confuses a small model.
  await page.reload();
  await parley.talk();
  // Its soft sweep tells whether the room echoes; nobody talks over it.
  await parley.echo();
  const fromMs = await parley.nowMs();
  await parley.type(request);
  await parley.state('speaking');
  await page.waitForTimeout(INTERRUPT_AFTER_MS);
  return fromMs;
}

/** Says something over an answer. Nothing where the answer was over before. */
export async function interrupt(
  session: VoiceSession,
  request: string,
  words: Pcm,
): Promise<Interruption | undefined> {
  const { parley, page } = session;
  const fromMs = await beginAnswer(session, request);
  const { startMs } = await parley.say(words);
  const answer = page.locator('.message[data-role="assistant"]').first();
  await page
    .locator('.message[data-role="assistant"]:is([data-state="interrupted"], [data-state="final"])')
    .first()
    .waitFor();
  if ((await answer.getAttribute('data-state')) !== 'interrupted') return undefined;
  await parley.state('listening');
  const trace = (await parley.traces()).find((each) => each.bargeInSilentMs !== undefined);
  if (trace?.bargeInSilentMs === undefined) return undefined;
  const whole = await parley.recording(fromMs);
  // The answer to the interruption sounds too; it comes later than this.
  const untilS = (startMs - fromMs + WINDOW_MS) / 1000;
  const recording = { ...whole, samples: whole.samples.subarray(0, Math.round(untilS * whole.rateHz)) };
  const text = await answer.locator('.message-text').innerText();
  const unheard = await answer.locator('.message-unheard').allInnerTexts();
  return {
    bargeInMs: Math.max(trace.bargeInSilentMs, fromMs + soundBounds(recording).endS * 1000) - startMs,
    answer: { text, heard: text.slice(0, text.length - unheard.join('').length), recording },
  };
}
