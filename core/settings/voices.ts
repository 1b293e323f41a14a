import type { Language } from './settings.ts';

/** A voice that a person can choose. */
export interface VoiceChoice {
  /** As `Settings.voice.id`. */
  id: string;
  name: string;
  language: Language;
}

/** Voices of the always-available eSpeak NG, at least one for each language. */
export const voiceChoices: readonly VoiceChoice[] = [
  { id: 'en-us', name: 'English (America)', language: 'en' },
  { id: 'en-gb', name: 'English (Great Britain)', language: 'en' },
  { id: 'es', name: 'Spanish (Spain)', language: 'es' },
  { id: 'es-419', name: 'Spanish (Latin America)', language: 'es' },
  { id: 'fr', name: 'French', language: 'fr' },
  { id: 'pt-br', name: 'Portuguese (Brazil)', language: 'pt' },
  { id: 'pt-pt', name: 'Portuguese (Portugal)', language: 'pt' },
  { id: 'hi', name: 'Hindi', language: 'hi' },
  { id: 'de', name: 'German', language: 'de' },
  { id: 'nl', name: 'Dutch', language: 'nl' },
  { id: 'it', name: 'Italian', language: 'it' },
];
