import { expect, test, type Page } from '@playwright/test';
import { servePage, type ServedPage } from '../support/audio-page.ts';
import { watch, type Guard } from '../support/guard.ts';
import type { ScriptedConversation } from '../support/pages/scripted-conversation.ts';

declare global {
  interface Window {
    scripted: ScriptedConversation;
  }
}

/** The page's own part of the conversation: what it shows and asks for, with a scripted conversation behind it. */
let served: ServedPage;
let guard: Guard;
test.beforeAll(async () => {
  served = await servePage('ui.html');
});
test.afterAll(() => served.close());
test.beforeEach(({ context }) => {
  guard = watch(context, served.url);
});
test.afterEach(() => expect(guard.problems()).toEqual([]));

async function show(page: Page, scenario: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${served.url}#${scenario}`);
  await expect(page.getByRole('button', { name: 'Talk', exact: true })).toBeAttached();
}

const calls = (page: Page) => page.evaluate(() => window.scripted.calls);
const talk = (page: Page) => page.getByRole('button', { name: 'Talk', exact: true });

const words = {
  idle: ['Ready when you are', 'Press Talk, or type below'],
  loading: ['Loading', 'Press to cancel'],
  listening: ['Listening', 'Speak, or press to end'],
  hearing: ['Hearing you', 'Take your time'],
  deciding: ['Waiting for you to finish', 'Go on if there is more'],
  thinking: ['Thinking', 'Press to cancel'],
  speaking: ['Speaking', 'Speak or press to interrupt'],
  muted: ['Muted', 'Press to unmute'],
  reconnecting: ['Reconnecting', 'Bringing the conversation back'],
  failed: ['Something went wrong', 'Press Talk to try again'],
  // Last: it chooses push-to-talk, and the choice stays.
  ready: ['Ready', 'Hold this button or Space while you speak'],
};

test('every state of the Talk control has words and a sign of its own', async ({ page }) => {
  const signs = new Set<string>();
  for (const [state, [label = '', hint = '']] of Object.entries(words)) {
    await show(page, state);
    await expect(page.locator('#talk-state')).toBeVisible();
    await expect(talk(page)).toHaveAccessibleDescription(`${label} ${hint}`);
    signs.add(await talk(page).innerHTML());
  }
  expect(signs.size).toBe(Object.keys(words).length);
});

test('the control and the three buttons ask for what they say', async ({ page }) => {
  await show(page, 'idle');
  await talk(page).click();
  await page.getByRole('button', { name: 'What time is it?' }).click();
  expect(await calls(page)).toEqual([['start'], ['submitText', 'What time is it?']]);

  await show(page, 'speaking');
  await expect(talk(page)).toHaveAttribute('aria-pressed', 'true');
  await talk(page).click();
  await page.getByRole('button', { name: 'Mute' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  expect(await calls(page)).toEqual([['stop'], ['setMuted', true], ['stop'], ['end']]);

  await show(page, 'listening');
  const stop = page.getByRole('button', { name: 'Stop' });
  await expect(stop).toBeDisabled();
  await stop.click({ force: true });
  expect(await calls(page)).toEqual([]);
});

test('the keyboard reaches everything in reading order and never loses its place', async ({ page }) => {
  await show(page, 'listening');
  await expect(page.getByText('Last reply after')).toBeVisible();
  const order: string[] = [];
  for (let stop = 0; stop < 11; stop += 1) {
    await page.keyboard.press('Tab');
    order.push(
      await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      }),
    );
  }
  expect(order).toEqual([
    'Models',
    'Settings',
    'Talk',
    'Mute',
    'Stop',
    'End',
    'Transcript',
    'Type a message',
    'Send',
    'Last reply after 1.01 s',
    'Starter models on wasm: everyday phrases only',
  ]);

  await page.getByRole('button', { name: 'End', exact: true }).focus();
  await page.evaluate(() => window.scripted.show({ run: { state: 'off' }, view: { phase: 'idle' } }));
  await expect(talk(page)).toBeFocused();
});

test('text can be typed at any time; Enter sends it, Shift+Enter does not, blank text goes nowhere', async ({
  page,
}) => {
  await show(page, 'idle');
  const field = page.getByRole('textbox', { name: 'Type a message' });
  await field.fill('  \n ');
  await field.press('Enter');
  await field.fill('Hello');
  await field.press('Shift+Enter');
  await field.pressSequentially('m there');
  await field.press('Enter');
  await expect(field).toHaveValue('');
  expect(await calls(page)).toEqual([['submitText', 'Hello\nm there']]);
});

test('Esc stops, M mutes, and neither M nor Space acts while typing', async ({ page }) => {
  await show(page, 'speaking');
  await page.keyboard.press('m');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox').fill('');
  await page.keyboard.type('m m');
  await page.keyboard.press('Escape');
  expect(await calls(page)).toEqual([['setMuted', true], ['stop'], ['stop']]);
});

test('push-to-talk: Space or the control is held, and a lost key-up lets go', async ({ page }) => {
  await show(page, 'ready');
  await page.keyboard.down(' ');
  await page.keyboard.down(' ');
  await expect(page.getByText('Let go when you are done')).toBeHidden();
  await page.evaluate(() => window.scripted.show({ view: { phase: 'listening' } }));
  await expect(page.getByText('Let go when you are done')).toBeVisible();
  await page.keyboard.up(' ');
  await talk(page).focus();
  await page.keyboard.down(' ');
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await page.keyboard.up(' ');
  await talk(page).hover();
  await page.mouse.down();
  await page.mouse.up();
  expect(await calls(page)).toEqual([
    ['setTalking', true],
    ['setTalking', false],
    ['setTalking', true],
    ['setTalking', false],
    ['setTalking', true],
    ['setTalking', false],
  ]);
});

test('a message with HTML or script in it is shown as text', async ({ page }) => {
  await show(page, 'markup');
  const transcript = page.getByRole('region', { name: 'Transcript' });
  await expect(transcript).toContainText('<img src=x onerror="document.title=1"><b>bold</b>');
  await expect(transcript).toContainText('<script>document.title = 2</script> & done');
  expect(await transcript.locator('img, b, script').count()).toBe(0);
  await expect(page).toHaveTitle('Parley (scripted)');
});

test('the transcript tells what was heard from what was not, and an interruption in words', async ({
  page,
}) => {
  await show(page, 'interrupted');
  const last = page.getByRole('listitem').last();
  await expect(last).toContainText('Interrupted. The lighter words were not heard.');
  await expect(last.locator('.message-unheard')).toHaveText(
    'will know better than I do, and so will a coat.',
  );
});

test('the live region announces whole sentences, each once, and no tokens', async ({ page }) => {
  await show(page, 'thinking');
  const region = page.getByRole('log', { name: 'Announcements' });
  await expect(region).toHaveAttribute('aria-live', 'polite');
  const heard = await page.evaluate(async () => {
    const log = document.querySelector('[role=log]');
    const lines: string[] = [];
    const seen = new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) lines.push(node.textContent ?? '');
    });
    if (log) seen.observe(log, { childList: true, subtree: true });
    const { messages } = window.scripted.view();
    const text = 'It is four. Shall I set a timer?';
    for (let end = 1; end <= text.length; end += 1) {
      const message = {
        id: 'new',
        role: 'assistant' as const,
        text: text.slice(0, end),
        state: 'partial' as const,
      };
      window.scripted.show({ view: { messages: [...messages, message] } });
      await new Promise(requestAnimationFrame);
    }
    window.scripted.show({
      view: { messages: [...messages, { id: 'new', role: 'assistant', text, state: 'final' }] },
    });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return lines;
  });
  expect(heard).toEqual(['Parley: It is four.', 'Shall I set a timer?']);
});

test('a notice is an alert with ways out', async ({ page }) => {
  await show(page, 'denied');
  await expect(page.getByRole('alert')).toContainText('The microphone was refused.');
  await page.getByRole('button', { name: 'How to allow the microphone' }).click();
  const help = page.getByRole('dialog', { name: 'How to allow the microphone' });
  await help.getByRole('button', { name: 'Try again' }).click();
  await expect(help).toBeHidden();
  await page.getByRole('button', { name: 'Dismiss this message' }).click();
  expect(await calls(page)).toEqual([['retry'], ['dismissNotice', 0]]);
});

test('a ringing timer asks for attention and Esc dismisses it', async ({ page }) => {
  await show(page, 'ringing');
  const dialog = page.getByRole('alertdialog', { name: 'Time is up: Tea' });
  await expect(dialog.getByRole('button', { name: 'Dismiss' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  expect(await calls(page)).toEqual([['dismissTimer', 1]]);
});

test('models: size before the first press, progress while loading, and what runs where', async ({ page }) => {
  await show(page, 'idle');
  await expect(page.getByText('Models: 28.6 MB to load, once')).toBeVisible();
  await expect(page.getByText('They know everyday phrases only')).toBeVisible();

  await show(page, 'loading');
  await expect(page.getByRole('progressbar', { name: 'Loading the models' })).toBeVisible();
  await expect(page.getByText('13.8 MB of 28.6 MB')).toBeVisible();
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Models' });
  await expect(dialog.getByRole('listitem')).toHaveCount(4);
  await expect(dialog.getByRole('progressbar', { name: 'Loading Whisper (starter)' })).toBeVisible();
  await expect(dialog).toContainText('transformers.js on the processor (wasm)');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Models', exact: true })).toBeFocused();
  expect(await calls(page)).toEqual([]);
});

test('models: what can be kept here, its size before the click, and how far it is', async ({ page }) => {
  await show(page, 'downloads');
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Models' });
  await dialog.getByRole('button', { name: 'Download Whisper tiny, Graphics chip, 118 MB' }).click();
  await dialog.getByRole('button', { name: 'Delete Whisper tiny, Processor, 41.0 MB' }).click();
  await dialog.getByRole('button', { name: 'Pause Llama 3.2 1B' }).click();
  await dialog.getByRole('button', { name: 'Resume SmolLM2 135M' }).click();
  await dialog.getByRole('button', { name: 'Try again Kokoro 82M' }).click();
  await expect(dialog.getByRole('progressbar', { name: 'Downloading Llama 3.2 1B' })).toBeVisible();
  await expect(dialog.getByText('412 MB of 1.2 GB · 6.3 MB/s · about 2 minutes left')).toBeVisible();
  await expect(dialog.getByText('It was kept here and is gone')).toBeVisible();
  await dialog.getByText('3 more models that cannot be had here').click();
  await expect(dialog.getByText('Recognition: Whisper base · Whisper small · Moonshine tiny')).toBeVisible();
  expect(await calls(page)).toEqual([
    ['ensure', 'example/Whisper tiny webgpu q4'],
    ['remove', 'example/Whisper tiny wasm q8'],
    ['pause', 'example/Llama 3.2 1B webgpu q4'],
    ['ensure', 'example/SmolLM2 135M wasm q8'],
    ['ensure', 'example/Kokoro 82M wasm q8'],
  ]);
});

test('models: the address of a mirror is checked, and kept for the next visit', async ({ page }) => {
  await show(page, 'idle');
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Models' });
  await dialog.getByRole('radio', { name: 'Another mirror' }).check();
  const field = dialog.getByRole('textbox', { name: 'Address of the mirror' });
  await field.fill('javascript:alert(1)');
  await field.press('Enter');
  await expect(dialog.getByText('This address cannot be used.')).toBeVisible();
  await field.fill('https://models.example.org/');
  await field.press('Enter');
  await expect(dialog.getByText('This page may not fetch from models.example.org.')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await expect(field).toHaveValue('https://models.example.org/');
});

test('the dialog of models does not scroll sideways, and its targets are 24 px or more', async ({ page }) => {
  for (const [width, height] of [
    [320, 568],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    await show(page, 'downloads');
    await page.getByRole('button', { name: 'Models', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Models' });
    await expect(dialog).toBeVisible();
    const found = await dialog.evaluate((element) => ({
      overflow: element.scrollWidth - element.clientWidth,
      small: [...element.querySelectorAll('button, summary')]
        .map((target) => target.getBoundingClientRect())
        .filter((box) => box.width < 24 || box.height < 24).length,
    }));
    expect(found, `at ${width}`).toEqual({ overflow: 0, small: 0 });
  }
});

test('settings take effect at once and are still there after a reload', async ({ page }) => {
  await show(page, 'listening-first');
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('combobox', { name: 'Microphone' }).selectOption('Headset');
  await dialog.getByRole('radio', { name: 'Hold to talk' }).check();
  await dialog.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(dialog.getByRole('combobox', { name: 'Voice' })).toHaveValue('de');
  await dialog.getByRole('slider', { name: 'Speed' }).fill('1.25');
  await dialog.getByRole('checkbox', { name: 'Captions only' }).check();
  await dialog.getByText('Advanced').click();
  await expect(dialog.getByRole('slider', { name: 'Speech threshold' })).toHaveAttribute(
    'aria-valuetext',
    '50 %',
  );
  await page.reload();
  await expect(page.getByText('Hold this button or Space while you speak')).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Microphone' })).toHaveValue('headset');
  await expect(dialog.getByRole('slider', { name: 'Speed' })).toHaveValue('1.25');
  await expect(dialog.getByRole('checkbox', { name: 'Captions only' })).toBeChecked();
});

test('[VOICE-5] the voices are those of the engine that serves, and the one that speaks is chosen', async ({
  page,
}) => {
  await show(page, 'listening');
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  const voice = dialog.getByRole('combobox', { name: 'Voice' });
  const language = dialog.getByRole('combobox', { name: 'Language' });
  await expect(voice.getByRole('option')).toHaveText(['English (America)', 'English (Great Britain)']);
  await voice.selectOption('English (Great Britain)');

  await page.evaluate(() => window.scripted.serveVoice('kokoro'));
  await expect(dialog.getByText('voices of Kokoro 82M')).toBeVisible();
  await expect(voice.locator('option:checked')).toHaveText('Emma (Great Britain, female)');
  await voice.selectOption('George (Great Britain, male)');

  await page.evaluate(() => window.scripted.serveVoice(undefined));
  await expect(voice.locator('option:checked')).toHaveText('English (Great Britain)');

  await page.evaluate(() => window.scripted.serveVoice('supertonic'));
  await language.selectOption('Français');
  await expect(voice.locator('option:checked')).toHaveText('Female 1');

  await page.evaluate(() => window.scripted.serveVoice(undefined));
  await language.selectOption('Nederlands');
  await expect(dialog.getByText('voices of eSpeak NG')).toBeVisible();
  await expect(voice.getByRole('option')).toHaveText(['Dutch']);
});

test('a slider shows its value on the way, and counts when it is let go', async ({ page }) => {
  await show(page, 'listening');
  await page.getByRole('button', { name: 'Settings' }).click();
  const slider = page.getByRole('slider', { name: 'Speed' });
  const stored = () => page.evaluate(() => sessionStorage.getItem('parley.settings'));
  const before = await stored();
  await slider.focus();
  await page.keyboard.down('ArrowRight');
  await page.keyboard.down('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '1.10×');
  expect(await stored()).toBe(before);
  await page.keyboard.up('ArrowRight');
  expect(await stored()).toContain('"speed":1.1');

  const box = await slider.boundingBox();
  if (box === null) throw new Error('The slider is not visible.');
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 4, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, middle, { steps: 5 });
  await expect(slider).toHaveAttribute('aria-valuetext', '2.00×');
  expect(await stored()).toContain('"speed":1.1');
  await page.mouse.up();
  expect(await stored()).toContain('"speed":2');
});

test('the settings say what the browser does to the sound of the microphone', async ({ page }) => {
  await show(page, 'listening');
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByText('echo cancellation of everything this device plays')).toBeVisible();
});

test('the microphone test ends with the settings', async ({ page }) => {
  await show(page, 'idle');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Test the microphone' }).click();
  await page.getByRole('button', { name: 'Play a test sound' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => calls(page)).toContainEqual(['microphones.close']);
  expect((await calls(page)).map(([name]) => name)).toContain('testSound');
});

test('nothing moves where motion is not wanted', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const state of ['listening', 'hearing', 'thinking', 'speaking', 'reconnecting']) {
    await show(page, state);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  }
});

test('no state scrolls sideways, from 320 px to a desktop, and every target is 24 px or more', async ({
  page,
}) => {
  for (const [width, height] of [
    [320, 568],
    [390, 844],
    [844, 390],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const state of ['idle', 'speaking', 'denied', 'timers', 'markup', 'degraded']) {
      await show(page, state);
      const found = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - innerWidth,
        small: [...document.querySelectorAll('button, summary, select, input')]
          .map((element) => element.getBoundingClientRect())
          .filter((box) => box.width < 24 || box.height < 24).length,
      }));
      expect(found, `${state} at ${width}`).toEqual({ overflow: 0, small: 0 });
    }
  }
});

test('[PWA-4] another version is offered while nobody talks, and waits while somebody does', async ({
  page,
}) => {
  await show(page, 'update');
  const note = page.getByRole('status').filter({ hasText: 'A new version is ready' });
  await note.getByRole('button', { name: 'Reload' }).click();
  expect(await calls(page)).toEqual([['applyUpdate']]);
  for (const scenario of ['update-talking', 'update-typing']) {
    await show(page, scenario);
    await expect(note).toHaveCount(0);
  }
});

test('[PWA-2] where the browser offers to install it, the page does', async ({ page }) => {
  await show(page, 'idle');
  await expect(page.getByRole('button', { name: 'Install' })).toHaveCount(0);
  for (const width of [320, 360, 380, 479, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await show(page, 'installable');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  await page.getByRole('button', { name: 'Install' }).click();
  expect(await calls(page)).toEqual([['install']]);
});
