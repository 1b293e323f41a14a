import { z } from 'zod';

const portRange = { error: 'give a whole number from 0 to 65535' };

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
});

export interface Config {
  port: number;
  host: string;
}

/** @throws Error in words, naming each variable that cannot be used. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  if (parsed.success) return { port: parsed.data.PORT, host: parsed.data.HOST };
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
