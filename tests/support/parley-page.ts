import type { Page } from '@playwright/test';
import type { Settings } from '../../core/settings/settings.ts';
import { prepareVoicePage } from './voice-page.ts';
import type { VoicePage } from './voice-page.ts';

export interface ParleyPage extends VoicePage {
  /** Presses Talk and waits until Parley listens. */
  talk(): Promise<void>;
  /** Types a message and sends it. */
  type(text: string): Promise<void>;
}

export interface ParleyOptions {
  device: 'wasm' | 'webgpu';
  /** Use the microphone of the browser instead of the test's. */
  ownMicrophone?: boolean;
  /** Further settings, as they are stored. */
  settings?: object;
  /** Where the page lies. */
  path?: string;
}

/** Opens Parley with a person in front of it. */
export async function openParley(page: Page, options: ParleyOptions): Promise<ParleyPage> {
  const person = await prepareVoicePage(page, { microphone: options.ownMicrophone !== true });
  const settings = JSON.stringify({ version: 1, choices: startersOn(options.device), ...options.settings });
  await page.addInitScript((stored) => localStorage.setItem('parley.settings', stored), settings);
  await page.goto(options.path ?? '/');
  return {
    ...person,
    async talk() {
      await page.getByRole('button', { name: 'Talk', exact: true }).click();
      await person.state('listening', 'hearing');
    },
    async type(text) {
      await page.getByRole('textbox').fill(text);
      await page.keyboard.press('Enter');
    },
  };
}

/** The starter models on this device, whatever the plan would be. */
export function startersOn(place: ParleyOptions['device']): Settings['choices'] {
  return { stt: { model: 'starter/recogniser', place }, llm: { model: 'starter/chat', place } };
}

export async function lastQuestion(page: Page): Promise<string> {
  return page.locator('.message[data-role="user"] .message-text').last().innerText();
}

export async function lastAnswer(page: Page): Promise<string> {
  return page.locator('.message[data-role="assistant"] .message-text').last().innerText();
}

/** What the page says of where a stage runs, and why. */
export async function planned(page: Page, stage: string): Promise<string> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'What runs where, and why' }).click();
  const text = await page.locator(`[data-stage="${stage}"]`).textContent();
  await page.keyboard.press('Escape');
  return text ?? '';
}
