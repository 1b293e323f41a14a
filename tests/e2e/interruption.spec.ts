import { openEar } from '../support/ear.ts';
import { openParley, lastAnswer, lastQuestion } from '../support/parley-page.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { wordAgreement } from '../support/spoken-form.ts';
import { expect, test } from '../support/test.ts';
import { soundBounds } from '../support/wav.ts';

test('[E2E-3] holds three turns with an interruption, a cough, and a word about an earlier turn', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const parley = await openParley(page, { device: 'wasm' });
  await parley.talk();
  await parley.echo();

  await parley.say(fixture('name-anna').pcm);
  await parley.state('speaking');
  await parley.state('listening');
  expect(await lastAnswer(page)).toContain('Anna');

  // A joke is the longest answer there is; "What is my name?" cuts it short.
  const sinceMs = await parley.nowMs();
  await parley.say(fixture('joke').pcm);
  await parley.state('speaking');
  const interrupted = page.locator('.message[data-role="assistant"]').last();
  const { startMs } = await parley.say(fixture('name-ask').pcm);
  await expect(interrupted).toHaveAttribute('data-state', 'interrupted');
  await parley.state('speaking');
  await parley.state('listening');
  expect(await lastQuestion(page)).toMatch(/name/);
  expect(await lastAnswer(page)).toContain('Anna');

  // What the history calls heard is what came out of the loudspeaker before the interruption.
  const joke = page.locator('.message[data-role="assistant"][data-state="interrupted"] .message-text').last();
  const whole = await joke.innerText();
  const unheard = await joke.locator('.message-unheard').allInnerTexts();
  const heard = whole.slice(0, whole.length - unheard.join('').length);
  const recording = await parley.recording(sinceMs);
  const until = Math.round(((startMs - sinceMs + 300) / 1000) * recording.rateHz);
  const audible = { ...recording, samples: recording.samples.subarray(0, until) };
  expect(soundBounds(audible).endS).toBeGreaterThan(0);
  const ear = await openEar();
  const said = await ear.words(audible);
  await ear.close();
  expect(wordAgreement(heard, said), `"${heard}" was heard as "${said}"`).toBeGreaterThanOrEqual(0.5);

  // A cough lowers the voice at most; the answer is said to its end.
  await parley.type('Tell me a joke.');
  await parley.state('speaking');
  await parley.say(fixture('cough').pcm);
  await parley.state('listening');
  await expect(page.locator('.message[data-role="assistant"]').last()).toHaveAttribute('data-state', 'final');

  // A click in the silence is no turn.
  const questions = await page.locator('.message[data-role="user"]').count();
  await parley.say(fixture('click').pcm);
  await parley.say(fixture('thanks').pcm);
  await parley.state('speaking');
  await expect(page.locator('.message[data-role="user"]')).toHaveCount(questions + 1);
});
