import { z } from 'zod';
import { preferences } from '../placement/plan.ts';

/**
 * Every choice a person can make, with its default. Stored as JSON with a version; `parseSettings` never throws, so
 * settings from the future or garbage in storage cost nobody the conversation.
 */
export const SETTINGS_VERSION = 1;

/** Languages the always-available eSpeak voice speaks here. */
export const languages = ['en', 'es', 'fr', 'pt', 'hi', 'de', 'nl', 'it'] as const;
export type Language = (typeof languages)[number];

const listening = z.object({
  /** Probability above which a frame is speech. 0.5 is Silero's own default. */
  threshold: z.number().min(0.1).max(0.95).default(0.5),
  /** Silence that counts as a soft pause, when work on the answer begins. */
  minSilenceMs: z.number().int().min(100).max(2000).default(200),
  /** Audio kept from before the first speech frame, so that soft first sounds are not lost. */
  speechPadMs: z.number().int().min(0).max(500).default(120),
  /**
   * Speech shorter than this was a click. Two frames: what barge-in within 150 ms allows, and whatever then turns out
   * to be no words has only held the reply.
   */
  minSpeechMs: z.number().int().min(32).max(500).default(64),
  /** How soon a pause counts as the end of what is said; see core/turn/patience.ts. */
  pace: z.enum(['patient', 'balanced', 'quick']).default('balanced'),
});

/** Nothing: the plan decides. */
const choice = z
  .object({ model: z.string().min(1).max(256), place: z.enum(['wasm', 'webgpu', 'server']) })
  .optional();

export const settingsSchema = z.object({
  version: z.literal(SETTINGS_VERSION).default(SETTINGS_VERSION),
  language: z.enum(languages).default('en'),
  /** What decides between the models that run here; see core/placement/plan.ts. */
  where: z.enum(preferences).default('this-device'),
  /** Models that the person chose for single stages; what cannot run is passed over. */
  choices: z.object({ stt: choice, llm: choice, tts: choice }).prefault({}),
  /** Key of the server that the page came from, where it asks for one; sent to that server only. */
  serverKey: z
    .string()
    .max(4096)
    .regex(/^[\w.~+/=-]*$/)
    .default(''),
  /** Where models are fetched from; see core/models/source.ts. */
  modelSource: z
    .object({
      kind: z.enum(['site', 'hub', 'mirror']).default('site'),
      /** Kept when another source is chosen; checked when it is used. */
      mirrorUrl: z.string().max(512).default(''),
    })
    .prefault({}),
  voice: z
    .object({
      id: z.string().min(1).max(64).default('en-us'),
      speed: z.number().min(0.5).max(2).default(1),
    })
    .prefault({}),
  listening: listening.prefault({}),
  /** Device id of the microphone; empty for the system's default. */
  microphoneId: z.string().max(512).default(''),
  /** `open`: talk any time; `hold`: only while the key or button is held. */
  talkMode: z.enum(['open', 'hold']).default('open'),
  /** Ask "Are you still there?" once after a long silence. */
  stillThere: z.boolean().default(false),
  /** Show replies without speaking them, for screen-reader users. */
  captionsOnly: z.boolean().default(false),
  /** Single-key shortcuts can be turned off (WCAG 2.1.4). */
  shortcuts: z.boolean().default(true),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

export interface ParsedSettings {
  settings: Settings;
  /** Top-level fields that had to be replaced by their defaults. */
  rejected: string[];
}

/** Reads stored settings field by field: what fits is kept, what does not falls back to its default. */
export function parseSettings(stored: unknown): ParsedSettings {
  const whole = settingsSchema.safeParse(stored);
  if (whole.success) return { settings: whole.data, rejected: [] };
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return { settings: defaultSettings, rejected: ['settings'] };
  }
  const kept: Record<string, unknown> = {};
  const rejected: string[] = [];
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    if (!(name in stored)) continue;
    const field = schema.safeParse((stored as Record<string, unknown>)[name]);
    if (field.success) kept[name] = field.data;
    else rejected.push(name);
  }
  return { settings: settingsSchema.parse(kept), rejected };
}
