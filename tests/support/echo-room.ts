import type { EchoMeasurement } from '../../core/audio/echo-measure.ts';
import type { ParleyPage } from './parley-page.ts';
import { fixture } from './speech-fixtures.ts';

/** Into the reply before somebody talks over it. */
const INTERRUPT_AFTER_MS = 700;

export interface Room {
  /** The page's own sound in the microphone, relative to what is played. */
  gainDb: number;
  delayMs: number;
}

export interface ReplyOutcome {
  /** How often the reply fell silent on the way. */
  held: number;
  cut: boolean;
  /** Turns of the person that nobody took. */
  ghosts: number;
}

/** A conversation with nothing in it yet, in a room that echoes. */
export async function enterRoom(parley: ParleyPage, room: Room): Promise<EchoMeasurement> {
  await parley.page.reload();
  await parley.setEcho(room.gainDb, room.delayMs);
  await parley.talk();
  return parley.echo();
}

const questions = (parley: ParleyPage) => parley.page.locator('.message[data-role="user"]');
const answers = (parley: ParleyPage) => parley.page.locator('.message[data-role="assistant"]');

/** Asks in writing and listens to the answer, saying nothing. */
export async function hearReply(parley: ParleyPage, question: string): Promise<ReplyOutcome> {
  const { page } = parley;
  const [asked, answered] = [await questions(parley).count(), await answers(parley).count()];
  await parley.type(question);
  await parley.state('speaking');
  const silences = await page.evaluateHandle(() => {
    const seen: (string | undefined)[] = [];
    const talk = document.querySelector<HTMLElement>('.talk');
    if (talk === null) throw new Error('no Talk control');
    new MutationObserver(() => seen.push(talk.dataset['state'])).observe(talk, {
      attributeFilter: ['data-state'],
    });
    return seen;
  });
  await parley.state('listening');
  // What was heard of the end would become a turn by now.
  await page.waitForTimeout(1_500);
  await parley.state('listening');
  const states = await silences.jsonValue();
  return {
    held: states.filter((state) => state === 'hearing').length,
    cut: (await answers(parley).nth(answered).getAttribute('data-state')) === 'interrupted',
    ghosts: (await questions(parley).count()) - asked - 1,
  };
}

/**
 * Asks in writing and talks over the answer.
 * @returns whether the answer stopped for good and what was said became a turn; undefined where the answer was over
 * before anybody spoke.
 */
export async function interrupt(
  parley: ParleyPage,
  question: string,
  words: string,
): Promise<boolean | undefined> {
  const { page } = parley;
  const [asked, answered] = [await questions(parley).count(), await answers(parley).count()];
  const said = fixture(words);
  await parley.type(question);
  await parley.state('speaking');
  await page.waitForTimeout(INTERRUPT_AFTER_MS);
  if ((await page.locator('.talk[data-state="speaking"]').count()) === 0) return undefined;
  await parley.say(said.pcm);
  const heard = questions(parley).nth(asked + 1);
  const taken = await heard.waitFor({ timeout: 8_000 }).then(
    () => true,
    () => false,
  );
  const stopped = (await answers(parley).nth(answered).getAttribute('data-state')) === 'interrupted';
  return taken && stopped;
}
