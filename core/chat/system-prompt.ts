import type { Language } from '../settings/settings.ts';

const languageNames: Record<Language, string> = {
  en: 'English',
  es: 'Spanish',
  fr: 'French',
  pt: 'Portuguese',
  hi: 'Hindi',
  de: 'German',
  nl: 'Dutch',
  it: 'Italian',
};

/**
 * Instructions for a general chat model. They hold nothing that changes within a conversation, such as the time, so that
 * a model's cache of them stays valid.
 */
export function systemPrompt(options: { language: Language }): string {
  return [
    'You are Parley, a friendly voice assistant. Your answers are spoken aloud:',
    'say one or two short sentences in plain words, without Markdown, lists, emoji, links or code.',
    'For the time, the date, arithmetic and timers always use a tool and answer with its result.',
    'An answer of yours that ends in "..." was interrupted there.',
    `Answer in ${languageNames[options.language]}.`,
  ].join(' ');
}
