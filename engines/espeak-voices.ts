import { voiceLocale } from '../core/settings/voices.ts';

/** eSpeak NG's files for the voices offered here, by the id in the settings. Ids are lower-case BCP-47 tags. */
const VOICE_FILES: ReadonlyMap<string, string> = new Map([
  ['en', 'gmw/en-US'],
  ['en-us', 'gmw/en-US'],
  ['en-gb', 'gmw/en'],
  ['es', 'roa/es'],
  ['es-419', 'roa/es-419'],
  ['fr', 'roa/fr'],
  ['fr-fr', 'roa/fr'],
  ['pt', 'roa/pt'],
  ['pt-pt', 'roa/pt'],
  ['pt-br', 'roa/pt-BR'],
  ['hi', 'inc/hi'],
  ['de', 'gmw/de'],
  ['nl', 'gmw/nl'],
  ['it', 'roa/it'],
]);

/** Words per minute at speed 1: eSpeak NG's own default. */
const NORMAL_RATE = 175;
/** eSpeak NG takes 80 to 450 words per minute; from 450 on it no longer speaks faster. */
const SLOWEST_RATE = 80;
const FASTEST_RATE = 449;

/** The voice with this id, or of its language, also for the id of a Kokoro voice; US English where eSpeak has none. */
export function voiceFile(id: string): string {
  const wanted = voiceLocale(id);
  return VOICE_FILES.get(wanted) ?? VOICE_FILES.get(wanted.split('-', 1)[0] ?? '') ?? 'gmw/en-US';
}

/** Words per minute for a speed where 1 is the voice's own; a speed that is no number is 1. */
export function wordsPerMinute(speed: number): number {
  const factor = Number.isFinite(speed) ? speed : 1;
  return Math.round(Math.min(FASTEST_RATE, Math.max(SLOWEST_RATE, NORMAL_RATE * factor)));
}
