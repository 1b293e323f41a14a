import { expect, it } from 'vitest';
import { systemPrompt } from '../../../core/chat/system-prompt.ts';
import { languages } from '../../../core/settings/settings.ts';

it('[HIST-6] the instructions name the language and change with nothing else', () => {
  expect(systemPrompt({ language: 'en' })).toContain('Answer in English.');
  expect(systemPrompt({ language: 'hi' })).toContain('Answer in Hindi.');
  expect(new Set(languages.map((language) => systemPrompt({ language }))).size).toBe(languages.length);
  for (const language of languages) expect(systemPrompt({ language })).not.toMatch(/\d/);
});
