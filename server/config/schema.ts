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
  /** Name of the process, below `processes`, that has to run for it: this server starts and stops it. */
  process: z.string().min(1).optional(),
  /**
   * Where another engine comes after it: longest time to its first token or sound before that one is asked instead. The
   * time to load its process counts: leave it out where models take turns on a card.
   */
  firstMs: wholeNumber.min(100).max(600_000).optional(),
});

/** The last of the language models: says, in the person's language, that no answer can be given now. */
const apology = z.strictObject({ engine: z.literal('apology') });

const stage = z.discriminatedUnion('engine', [localStage, upstreamStage]);
export type StageConfig = z.infer<typeof stage>;
export type ApologyConfig = z.infer<typeof apology>;

/** The engine of a stage, or several, of which the first that works serves. */
const chain = z.union([stage, z.array(stage).min(1).max(8)]);
const answeringChain = z.union([
  stage,
  z
    .array(z.discriminatedUnion('engine', [localStage, upstreamStage, apology]))
    .min(1)
    .max(8),
]);
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

const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/i, 'give the name of an environment variable');

/** An engine that this server starts itself. */
const processSchema = z.strictObject({
  /** The program and its arguments, as they are: no shell reads them. */
  command: z.array(z.string()).min(1),
  /** Beside what every program needs; the rest of this server's environment, its keys among it, is not passed on. */
  env: z.record(environmentName, z.string()).default({}),
  /** Answers 200 once the engine can work. */
  healthUrl: z.url({
    protocol: /^http$/,
    hostname: /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/,
    error: 'give an http address of this machine',
  }),
  /** From the start of the program to its first good answer; a large model is read from disk meanwhile. */
  startTimeoutMs: wholeNumber.min(100).max(3_600_000).default(300_000),
  /** What it takes of the graphics card's memory, in MB (10^6 bytes); 0 for an engine on the processor. */
  vramMb: wholeNumber.min(0).max(1_000_000),
  /** `on-demand`: after its death it starts again at the next call, later and later. `never`: it is given up. */
  restart: z.enum(['on-demand', 'never']).default('on-demand'),
});
export type ProcessConfig = z.infer<typeof processSchema>;

const gpuSchema = z.strictObject({
  /** What models may take, in MB; what nvidia-smi says is free at the start, where absent. */
  memoryMb: wholeNumber.min(1).max(10_000_000).optional(),
  /** Longest time that a call waits for models in use to make room for its own. */
  waitMs: wholeNumber.min(0).max(600_000).default(20_000),
});
export type GpuConfig = z.infer<typeof gpuSchema>;

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
  stages: z.strictObject({ stt: chain, llm: answeringChain, tts: chain }).partial().default({}),
  processes: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'give small letters, digits and -'), processSchema)
    .default({}),
  gpu: gpuSchema.partial().default({}),
  limits: limitsSchema.partial().default({}),
  /** Sites beside our own whose pages may call, each as scheme://host[:port]. */
  origins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'give scheme, host and port only')).default([]),
  jwt: jwtSchema.optional(),
});
export type ConfigFile = z.infer<typeof fileSchema>;
export type JwtConfig = z.infer<typeof jwtSchema>;

/** One engine, or several in the order in which they are tried. */
export type Chain<T = StageConfig> = T | readonly T[];

export interface Profile {
  stages: Record<'stt' | 'tts', Chain> & { llm: Chain<StageConfig | ApologyConfig> };
  limits: Limits;
  processes: Readonly<Record<string, ProcessConfig>>;
  gpu: GpuConfig;
}
