import { openEar } from '../support/ear.ts';
import type { Ear } from '../support/ear.ts';
import { fixture, fixturePath } from '../support/speech-fixtures.ts';
import { spokenForm, wordAgreement } from '../support/spoken-form.ts';
import { expect, test } from '../support/test.ts';
import { lastAnswer, lastQuestion, openParley } from '../support/parley-page.ts';

/** What a right answer says. Only time and date depend on the moment. */
const questions: [name: string, answer: RegExp | (() => RegExp)][] = [
  ['time', () => new RegExp(timePattern())],
  ['date', () => new RegExp(new Date().toLocaleDateString('en-US', { weekday: 'long' }))],
  ['calculate-times', /\b84\b/],
  ['calculate-plus', /\b59\b/],
  ['calculate-percent', /\b40\b/],
  ['timer-set', /10 minutes/],
  ['timer-cancel', /cancelled/],
  ['lights', /lights/],
  ['music', /music/],
  ['weather', /weather/],
  ['identity', /Parley/],
  ['name-give', /Peter/],
  ['name-ask', /Peter/],
  ['joke', /\w+ \w+ \w+/],
  ['goodbye', /bye|see you|talk|later|soon/i],
];

/** The minute may turn between question and check. */
function timePattern(): string {
  const minute = (offset: number): string =>
    new Date(Date.now() + offset).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' });
  return [minute(-60_000), minute(0)].map((time) => time.replaceAll(/\s/g, '\\s')).join('|');
}

let ear: Ear;
test.beforeAll(async () => {
  ear = await openEar();
});
test.afterAll(() => ear.close());

for (const device of ['wasm', 'webgpu'] as const) {
  test(`[E2E-1] answers fifteen spoken questions aloud, on ${device}`, async ({ page }) => {
    test.setTimeout(900_000);
    const parley = await openParley(page, { device });
    await parley.talk();
    let exact = 0;
    const spoken = { words: 0, heard: 0 };
    const garbled: string[] = [];
    const misheard: string[] = [];
    for (const [name, answer] of questions) {
      const { pcm, text } = fixture(name);
      const sinceMs = await parley.nowMs();
      await parley.say(pcm);
      await parley.state('speaking');
      await parley.state('listening');
      const heard = await lastQuestion(page);
      const reply = await lastAnswer(page);
      if (spokenForm(heard) === spokenForm(text)) exact += 1;
      else misheard.push(`${name}: ${heard}`);
      if (spokenForm(heard) === spokenForm(text)) {
        expect.soft(reply, name).toMatch(typeof answer === 'function' ? answer() : answer);
      }
      const said = await ear.words(await parley.recording(sinceMs));
      const words = spokenForm(reply).split(' ').length;
      const agreement = wordAgreement(reply, said);
      spoken.words += words;
      spoken.heard += agreement * words;
      if (agreement < 0.7) garbled.push(`${name}: "${reply}" was heard as "${said}"`);
      if (name === 'timer-set') await expect.soft(page.getByRole('timer')).toHaveCount(1);
      if (name === 'timer-cancel') await expect.soft(page.getByRole('timer')).toHaveCount(0);
    }
    expect(exact, misheard.join('\n')).toBeGreaterThanOrEqual(12);
    expect(spoken.heard / spoken.words, garbled.join('\n')).toBeGreaterThanOrEqual(0.7);
  });
}

test('[E2E-2] answers a question that comes through the browser’s own microphone', async ({
  openWithMic,
}) => {
  const { text } = fixture('weather');
  const page = await openWithMic({ wav: fixturePath('weather') });
  const parley = await openParley(page, { device: 'wasm', ownMicrophone: true });
  await parley.talk();
  await parley.state('speaking');
  await parley.state('listening');
  expect(wordAgreement(text, await lastQuestion(page)), await lastQuestion(page)).toBeGreaterThanOrEqual(0.7);
  expect(await lastAnswer(page)).toMatch(/weather/);
});
