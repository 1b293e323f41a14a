import { espeakVoiceFor } from '../core/settings/voices.ts';

/** eSpeak NG's files for the voices offered here, by the id in the settings. */
const VOICE_FILES: ReadonlyMap<string, string> = new Map([
  ['en-us', 'gmw/en-US'],
  ['en-gb', 'gmw/en'],
  ['es', 'roa/es'],
  ['es-419', 'roa/es-419'],
  ['fr', 'roa/fr'],
  ['pt-br', 'roa/pt-BR'],
  ['pt-pt', 'roa/pt'],
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

/** The file of the voice that speaks for this id, which may be another engine's. */
export function voiceFile(id: string): string {
  return VOICE_FILES.get(espeakVoiceFor(id)) ?? 'gmw/en-US';
}

/** Words per minute for a speed where 1 is the voice's own; a speed that is no number is 1. */
export function wordsPerMinute(speed: number): number {
  const factor = Number.isFinite(speed) ? speed : 1;
  return Math.round(Math.min(FASTEST_RATE, Math.max(SLOWEST_RATE, NORMAL_RATE * factor)));
}
