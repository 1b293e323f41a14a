import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { profiles } from './config/profiles.ts';
import { fileSchema, profileNames } from './config/schema.ts';
import type { ConfigFile, JwtConfig, Limits, Profile } from './config/schema.ts';

const portRange = { error: 'give a whole number from 0 to 65535' };

/**
 * The public hub and where it sends those who ask for large files, as the names of its hosts were in its documentation;
 * it has moved them before.
 */
const PUBLIC_HUB = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/** As a content security policy takes it: scheme and host, with `*.` for all hosts below one. */
const SOURCE = /^https?:\/\/(\*\.)?[\w-]+(\.[\w-]+)*(:\d+)?$/;

const logLevels = ['silent', 'error', 'warn', 'info'] as const;

/** What the environment decides. Read once, here, at start. */
const environment = z.object({
  /** 0 lets the system choose a free port. */
  PORT: z
    .string()
    .regex(/^\d+$/, portRange)
    .transform(Number)
    .pipe(z.number().max(65_535, portRange))
    .default(8787),
  /** Address to listen on. Only this machine by default: other addresses must be asked for. */
  HOST: z.string().min(1, { error: 'give an address of this machine' }).default('localhost'),
  /** Nothing but this server by default. `hub` stands for the public hub. */
  MODEL_SOURCES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .transform((names) => names.flatMap((name) => (name === 'hub' ? PUBLIC_HUB : [name])))
    .refine((sources) => sources.every((each) => SOURCE.test(each)), {
      error: 'give hub, or addresses such as https://models.example.org, with spaces between them',
    })
    .default([]),
  /** JSON file with everything else; see config/schema.ts. */
  PARLEY_CONFIG: z.string().min(1, { error: 'give the path of a JSON file' }).optional(),
  /** Stands above the file's own. */
  PARLEY_PROFILE: z.enum(profileNames, { error: `give one of ${profileNames.join(', ')}` }).optional(),
  /** How much is written to standard output, as JSON: method, address and time of each request, and never its content. */
  PARLEY_LOG: z.enum(logLevels, { error: `give one of ${logLevels.join(', ')}` }).default('silent'),
  /** Folder for what must outlive the server: the hashes of its keys. */
  PARLEY_DATA: z.string().min(1, { error: 'give the path of a folder' }).default('.parley'),
});

/** Where the server listens. */
export interface Listening {
  port: number;
  host: string;
}

export interface Config extends Listening, Profile {
  /** Where the page may fetch models from beside this server: the server itself fetches nothing. */
  modelSources: readonly string[];
  logLevel: (typeof logLevels)[number];
  dataDir: string;
  origins: readonly string[];
  jwt?: JwtConfig;
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Error in words, naming each variable, or each field of the file, that cannot be used. */
export function readConfig(env: Env): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name}=${env[name] ?? ''} cannot be used: ${issue.message}`;
    });
    throw new Error(problems.join('\n'));
  }
  const { PORT, HOST, PARLEY_CONFIG, PARLEY_PROFILE, PARLEY_LOG, PARLEY_DATA, MODEL_SOURCES } = parsed.data;
  const { profile, stages, limits, processes, gpu, origins, jwt } = readConfigFile(PARLEY_CONFIG);
  const preset = profiles[PARLEY_PROFILE ?? profile];
  return {
    port: PORT,
    host: HOST,
    modelSources: MODEL_SOURCES,
    logLevel: PARLEY_LOG,
    dataDir: resolve(PARLEY_DATA),
    stages: { ...preset.stages, ...defined(stages) },
    limits: { ...preset.limits, ...defined(limits) } satisfies Limits,
    processes: { ...preset.processes, ...processes },
    gpu: { ...preset.gpu, ...defined(gpu) },
    origins,
    ...(jwt !== undefined && { jwt }),
  };
}

function readConfigFile(path: string | undefined): ConfigFile {
  if (path === undefined) return fileSchema.parse({});
  const parsed = fileSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const field = issue.path.length === 0 ? 'the file' : `"${issue.path.join('.')}"`;
    return `PARLEY_CONFIG=${path}: ${field} cannot be used: ${issue.message}`;
  });
  throw new Error(problems.join('\n'));
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`PARLEY_CONFIG=${path} cannot be read: give the path of a JSON file`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`PARLEY_CONFIG=${path} is not valid JSON: ${String(cause)}`, { cause });
  }
}

/** Absent fields must not hide those of the profile. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** True where only this machine can connect; there, plain http has a microphone too. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
