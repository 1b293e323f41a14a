import { z } from 'zod';
import { defineTool } from './tool.ts';
import type { Language } from '../settings/settings.ts';

export const getTime = defineTool({
  name: 'get_time',
  description: 'Tells the current time.',
  parameters: z.object({}),
  sideEffect: false,
  run: async (_, { now, language }) => ({ time: format(now(), language(), { timeStyle: 'short' }) }),
});

export const getDate = defineTool({
  name: 'get_date',
  description: "Tells today's date and weekday.",
  parameters: z.object({}),
  sideEffect: false,
  run: async (_, { now, language }) => ({ date: format(now(), language(), { dateStyle: 'full' }) }),
});

/** In words of the language, with plain spaces: "3:42 PM", "Friday, November 20, 2026". */
function format(date: Date, language: Language, style: Intl.DateTimeFormatOptions): string {
  const locale = language === 'en' ? 'en-US' : language;
  return new Intl.DateTimeFormat(locale, style).format(date).replace(/\s/g, ' ');
}
