/** `npm run models`: the models of the page, and how they come onto this machine. */
import { setTimeout } from 'node:timers/promises';
import { run } from './run.ts';
import { ownWorkspace } from './workspace.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), {
  workspace: ownWorkspace,
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  nowMs: () => performance.now(),
});
