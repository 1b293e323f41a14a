import { expect } from '@playwright/test';
import { lastAnswer, lastQuestion, type ParleyPage } from './parley-page.ts';
import { fixture } from './speech-fixtures.ts';

const questions = [
  ['calculate-times', /\b84\b/],
  ['identity', /Parley/],
  ['weather', /weather/],
] as const;

/**
 * Asks three questions aloud, and expects three spoken answers. The recogniser is small, and on a busy machine the sound
 * itself has gaps: two answers have to be right.
 */
export async function holdConversation(parley: ParleyPage): Promise<void> {
  await parley.talk();
  const heard: string[] = [];
  let right = 0;
  for (const [name, answer] of questions) {
    await parley.say(fixture(name).pcm);
    await parley.state('speaking');
    await parley.state('listening');
    const reply = await lastAnswer(parley.page);
    if (answer.test(reply)) right += 1;
    heard.push(`${await lastQuestion(parley.page)} – ${reply}`);
  }
  expect(right, heard.join('\n')).toBeGreaterThanOrEqual(2);
}
