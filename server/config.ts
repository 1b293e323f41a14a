import { z } from 'zod';

const portRange = { error: 'give a whole number from 0 to 65535' };

/**
 * The public hub and where it sends those who ask for large files, as the names of its hosts were in its documentation;
 * it has moved them before.
 */
const PUBLIC_HUB = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/** As a content security policy takes it: scheme and host, with `*.` for all hosts below one. */
const SOURCE = /^https?:\/\/(\*\.)?[\w-]+(\.[\w-]+)*(:\d+)?$/;

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
});

export interface Config {
  port: number;
  host: string;
  /** Where the page may fetch models from beside this server: the server itself fetches nothing. */
  modelSources: readonly string[];
}

/** @throws Error in words, naming each variable that cannot be used. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  if (parsed.success) {
    const { PORT, HOST, MODEL_SOURCES } = parsed.data;
    return { port: PORT, host: HOST, modelSources: MODEL_SOURCES };
  }
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name}=${env[name] ?? ''} cannot be used: ${issue.message}`;
  });
  throw new Error(problems.join('\n'));
}

/** True where only this machine can connect; there, plain http has a microphone too. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
