import { z } from 'zod';
import { relativePath } from '../../core/models/listing.ts';

/** Engines that write down what is said. */
export const recognisers = ['whisper', 'moonshine', 'ctc', 'voxtral'] as const;

const wholeNumber = z.number().int();

/** A model of public/models that a process of this server carries. */
const localStage = z.strictObject({
  engine: z.enum([...recognisers, 'causal-lm', 'kokoro', 'espeak']),
  /** Id in the catalogue, also its folder; eSpeak has none. */
  model: relativePath.default('espeak-ng'),
  dtype: z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16']).default('q8'),
});

/** Another server with the same doors as this one. The address comes from here and nowhere else. */
const upstreamStage = z.strictObject({
  engine: z.literal('openai'),
  /** With its version: "http://127.0.0.1:11434/v1". */
  url: z.url({ protocol: /^https?$/, error: 'give an http or https address' }),
  /** As the upstream calls it. */
  model: z.string().min(1),
  /** Name of the environment variable that holds its key; the key itself stays out of the file. */
  keyEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'give the name of an environment variable')
    .optional(),
  /** Voice asked of a speech engine; the one of the request when absent. */
  voice: z.string().min(1).optional(),
  /** Longest silence of the upstream before a call fails. */
  timeoutMs: wholeNumber.min(100).max(600_000).default(30_000),
});

const stage = z.discriminatedUnion('engine', [localStage, upstreamStage]);
export type StageConfig = z.infer<typeof stage>;
export type UpstreamConfig = z.infer<typeof upstreamStage>;
export type LocalConfig = z.infer<typeof localStage>;

/** How much one engine does at a time, and how many may wait for it. */
const capacity = z.strictObject({
  atOnce: wholeNumber.min(1).max(1024),
  waiting: wholeNumber.min(0).max(10_000),
});
export type Capacity = z.infer<typeof capacity>;

export const limitsSchema = z.strictObject({
  /** Of one request, in MB; a minute of 16-bit sound at 16 kHz is 1.9. */
  bodyMb: z.number().min(0.1).max(1024),
  /** Longest recording that is transcribed. */
  audioSeconds: wholeNumber.min(1).max(36_000),
  /** Characters that are spoken at one request. */
  speechCharacters: wholeNumber.min(1).max(100_000),
  /** Of one key, or of one address where no key is asked for. */
  requestsPerMinute: wholeNumber.min(1).max(1_000_000),
  /** Realtime sessions, all together. */
  sessions: wholeNumber.min(1).max(100_000),
  /** Time for the work in flight when the server is told to stop. */
  drainMs: wholeNumber.min(0).max(600_000),
  stt: capacity,
  llm: capacity,
  tts: capacity,
});

export type Limits = z.infer<typeof limitsSchema>;

const jwtSchema = z.strictObject({
  /** Name of the environment variable that holds the shared secret, at least 32 characters long. */
  secretEnv: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'give the name of an environment variable'),
  audience: z.string().min(1),
  issuer: z.string().min(1),
});

export const profileNames = ['cpu', 'l4', 'a10', 'gpu-48gb'] as const;
export type ProfileName = (typeof profileNames)[number];

/** The file that PARLEY_CONFIG names. What it leaves out comes from its profile. */
export const fileSchema = z.strictObject({
  profile: z.enum(profileNames).default('cpu'),
  stages: z.strictObject({ stt: stage, llm: stage, tts: stage }).partial().default({}),
  limits: limitsSchema.partial().default({}),
  /** Sites beside our own whose pages may call, each as scheme://host[:port]. */
  origins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'give scheme, host and port only')).default([]),
  jwt: jwtSchema.optional(),
});
export type ConfigFile = z.infer<typeof fileSchema>;
export type JwtConfig = z.infer<typeof jwtSchema>;

export interface Profile {
  stages: Record<'stt' | 'llm' | 'tts', StageConfig>;
  limits: Limits;
}
