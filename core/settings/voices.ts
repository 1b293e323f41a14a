import { languages } from './settings.ts';
import type { Language } from './settings.ts';

/** A voice that a person can choose. */
export interface VoiceChoice {
  /** As `Settings.voice.id`. */
  id: string;
  name: string;
  language: Language;
}

/** Voices of the always-available eSpeak NG: at least one for each language, its default first. */
export const espeakVoices: readonly VoiceChoice[] = [
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

/** What the first letter of a Kokoro voice stands for, as a lower-case BCP-47 tag. */
const kokoroLocales: Readonly<Record<string, string>> = {
  a: 'en-us',
  b: 'en-gb',
  e: 'es',
  f: 'fr',
  h: 'hi',
  i: 'it',
  j: 'ja',
  p: 'pt-br',
  z: 'zh',
};

const accents: Readonly<Record<string, string>> = { 'en-us': 'America, ', 'en-gb': 'Great Britain, ' };

/** The files of Kokoro v1.0 in these languages, the default of each accent first. */
const kokoroIds =
  'af_heart af_alloy af_aoede af_bella af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky am_adam am_echo am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa bf_emma bf_alice bf_isabella bf_lily bm_daniel bm_fable bm_george bm_lewis ef_dora em_alex em_santa ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola pf_dora pm_alex pm_santa'.split(
    ' ',
  );

/**
 * Voices of Kokoro v1.0, each a file of the model (`voices/af_heart.bin`), in the languages that Parley speaks. The
 * Japanese and Chinese ones are left out: nothing here turns those languages into Kokoro's phonemes.
 */
export const kokoroVoices: readonly VoiceChoice[] = kokoroIds.map((id) => {
  const locale = voiceLocale(id);
  const given = id.slice(3);
  const name = `${given.charAt(0).toUpperCase()}${given.slice(1)}`;
  const gender = id.charAt(1) === 'f' ? 'female' : 'male';
  return { id, name: `${name} (${accents[locale] ?? ''}${gender})`, language: voiceLanguage(id) };
});

/** The language and region that a voice speaks, as a lower-case BCP-47 tag: "en-gb" of "bf_emma" and "en-GB", "es" of "es+m3". */
export function voiceLocale(id: string): string {
  const [lower = ''] = id.toLowerCase().split('+', 1);
  const kokoro = /^([a-z])[fm]_[a-z0-9]+$/.exec(lower)?.[1];
  return (kokoro === undefined ? undefined : kokoroLocales[kokoro]) ?? lower;
}

/** The language of a voice; English where nobody knows it. */
export function voiceLanguage(id: string): Language {
  const [primary] = voiceLocale(id).split('-', 1);
  return languages.find((language) => language === primary) ?? 'en';
}

/** Kokoro's voice in each language where the person has chosen none of them. */
const kokoroDefaults: ReadonlyMap<string, string> = new Map([
  ['en', 'af_heart'],
  ['en-gb', 'bf_emma'],
  ['es', 'ef_dora'],
  ['fr', 'ff_siwis'],
  ['hi', 'hf_alpha'],
  ['it', 'if_sara'],
  ['pt', 'pf_dora'],
]);

/** The voice that eSpeak NG speaks with for any id of the settings: of the same region, else of the language, else English. */
export function espeakVoiceFor(id: string): string {
  const locale = voiceLocale(id);
  const [primary] = locale.split('-', 1);
  const voice =
    espeakVoices.find((each) => each.id === locale) ??
    espeakVoices.find(({ language }) => language === primary);
  return voice?.id ?? 'en-us';
}

/** The voice that Kokoro speaks with for an id of the settings, or nothing where it does not speak that language here. */
export function kokoroVoiceFor(id: string): string | undefined {
  const locale = voiceLocale(id);
  const [primary = ''] = locale.split('-', 1);
  const fallback = kokoroDefaults.get(locale) ?? kokoroDefaults.get(primary);
  return fallback !== undefined && kokoroVoices.some((voice) => voice.id === id) ? id : fallback;
}

const supertonicLanguages = ['en', 'es', 'fr', 'pt'] as const satisfies readonly Language[];
const supertonicStyles = ['F1', 'F2', 'F3', 'F4', 'F5', 'M1', 'M2', 'M3', 'M4', 'M5'];

/** Voices of Supertonic 2: each of its ten styles speaks every language, so an id names both ("es+m3"). */
export const supertonicVoices: readonly VoiceChoice[] = supertonicLanguages.flatMap((language) =>
  supertonicStyles.map((style) => ({
    id: `${language}+${style.toLowerCase()}`,
    name: `${style.startsWith('F') ? 'Female' : 'Male'} ${style.slice(1)}`,
    language,
  })),
);

/** The style that Supertonic speaks with for an id of the settings, or nothing where it does not speak the language. */
export function supertonicVoice(id: string): { voice: string; language: Language } | undefined {
  const [primary] = voiceLocale(id).split('-', 1);
  const language = supertonicLanguages.find((each) => each === primary);
  const wanted = id.split('+')[1]?.toUpperCase();
  return language && { language, voice: supertonicStyles.find((style) => style === wanted) ?? 'F1' };
}

/** What speaks: eSpeak NG, or an engine that carries a model. */
export type VoiceEngine = 'espeak' | 'kokoro' | 'supertonic';

const voicesOf: Readonly<Record<VoiceEngine, readonly VoiceChoice[]>> = {
  espeak: espeakVoices,
  kokoro: kokoroVoices,
  supertonic: supertonicVoices,
};

/** The voices of an engine in a language, its default first; none where it does not speak it. */
export function voicesIn(engine: VoiceEngine, language: Language): readonly VoiceChoice[] {
  return voicesOf[engine].filter((voice) => voice.language === language);
}

/** The voice that the engine really speaks with for an id of the settings, which may be another engine's. */
export function spokenVoice(engine: VoiceEngine, id: string): VoiceChoice | undefined {
  const spoken = spokenId[engine](id);
  return voicesOf[engine].find((voice) => voice.id === spoken);
}

const spokenId: Readonly<Record<VoiceEngine, (id: string) => string | undefined>> = {
  espeak: espeakVoiceFor,
  kokoro: kokoroVoiceFor,
  supertonic(id) {
    const style = supertonicVoice(id);
    return style && `${style.language}+${style.voice.toLowerCase()}`;
  },
};
