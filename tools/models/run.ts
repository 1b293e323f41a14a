import type { Server } from 'node:http';
import { AppError, toAppError } from '../../core/errors.ts';
import { parseCommand, usage } from './arguments.ts';
import type { Command } from './arguments.ts';
import { bundle } from './bundle.ts';
import { formatBytes } from './format.ts';
import { createGithub } from './github.ts';
import { createHub } from './hub.ts';
import type { ModelEntry } from './list/entry.ts';
import { listModels } from './list-models.ts';
import type { Hubs } from './plan-pull.ts';
import { createProgress } from './progress.ts';
import type { ProgressOutput } from './progress.ts';
import { pull } from './pull.ts';
import type { RetryDeps } from '../../core/retry.ts';
import { createHubServer } from './serve-as-hub.ts';
import { unbundle } from './unbundle.ts';
import { presentModels, verify } from './verify.ts';
import { findEntries } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface RunDeps extends RetryDeps {
  workspace: Workspace;
  env: Readonly<Record<string, string | undefined>>;
  stdout: ProgressOutput;
  stderr: ProgressOutput;
  nowMs(): number;
}

const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Carries out one command line.
 * @returns the exit code: 0 done, 1 failed, 2 not understood, 130 stopped
 */
export async function run(argv: readonly string[], deps: RunDeps): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(argv, deps.env);
  } catch (error) {
    deps.stderr.write(`${toAppError(error).message}\n\n${usage}`);
    return 2;
  }
  try {
    return await carryOut(command, deps);
  } catch (error) {
    const failure = toAppError(error);
    deps.stderr.write(`${failure.message}\n`);
    return failure.code === 'aborted' ? 130 : 1;
  }
}

async function carryOut(command: Command, deps: RunDeps): Promise<number> {
  const { workspace, stdout } = deps;
  switch (command.name) {
    case 'list':
      stdout.write(await listModels(workspace));
      return 0;
    case 'pull': {
      const entries = chosen(command, workspace);
      const progress = createProgress(stdout, deps.nowMs);
      const { files, bytes } = await pull(workspace, entries, {
        ...deps,
        hubs: hubs(command, deps),
        progress,
      });
      stdout.write(
        files === 0 ? 'Everything is here already.\n' : `Got ${files} files, ${formatBytes(bytes)}.\n`,
      );
      return 0;
    }
    case 'verify':
      return report(command.ids, deps);
    case 'bundle': {
      const entries =
        command.ids.length > 0 ? findEntries(workspace, command.ids) : await presentModels(workspace);
      const { files } = await bundle(workspace, entries, command.file);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      stdout.write(
        `${command.file}: ${entries.length} models, ${files.length} files, ${formatBytes(bytes)}\n`,
      );
      return 0;
    }
    case 'unbundle': {
      const { files } = await unbundle(workspace, command.file);
      stdout.write(`Unpacked ${files.length} files, each with the right hash.\n`);
      return 0;
    }
    case 'serve-as-hub':
      return serveUntilStopped(createHubServer(workspace), command, deps);
  }
}

function chosen({ ids, profile }: Extract<Command, { name: 'pull' }>, workspace: Workspace): ModelEntry[] {
  if (profile === undefined) return findEntries(workspace, ids);
  const models = workspace.profiles[profile];
  if (models !== undefined) return findEntries(workspace, models);
  const names = Object.keys(workspace.profiles).join(', ');
  throw new AppError('input.invalid', `There is no profile ${profile}. There are ${names}.`);
}

/** A hub that the person names serves everything, so that nothing else is asked; the token is for the public one. */
function hubs({ hub }: { hub?: string }, { env }: RunDeps): Hubs {
  if (hub === undefined) return { models: createHub(PUBLIC_HUB, env['HF_TOKEN']), libraries: createGithub() };
  const named = createHub(hub, new URL(hub).origin === PUBLIC_HUB ? env['HF_TOKEN'] : undefined);
  return { models: named, libraries: named, own: named };
}

async function report(ids: readonly string[], { workspace, stdout }: RunDeps): Promise<number> {
  const asked = ids.length > 0;
  const entries = asked ? findEntries(workspace, ids) : await presentModels(workspace);
  const verdicts = await verify(workspace, entries);
  const absent = asked ? 0 : workspace.list.length - entries.length;
  for (const { name, state } of verdicts) stdout.write(`${state.padEnd(10)}  ${name}\n`);
  const wrong = verdicts.filter(({ state }) => state !== 'ok').length;
  const others = absent > 0 ? ` ${absent} models of the list are not here.` : '';
  stdout.write(
    wrong === 0 && verdicts.length > 0
      ? `All ${verdicts.length} files are right.${others}\n`
      : `${wrong} of ${verdicts.length} files are not right. Pull or unbundle their models again.${others}\n`,
  );
  return wrong === 0 && verdicts.length > 0 ? 0 : 1;
}

async function serveUntilStopped(
  server: Server,
  { host, port }: { host: string; port: number },
  { stdout, signal }: RunDeps,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `Cannot listen on ${host}:${port}. Choose another with --host and --port.`;
      reject(new AppError('input.invalid', message, { cause }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  stdout.write(
    `Another Parley pulls from here with: npm run models -- pull ID --hub http://${host}:${bound}\n`,
  );
  if (host === 'localhost')
    stdout.write('Only this machine can connect. For the local network: --host 0.0.0.0\n');
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  server.closeAllConnections();
  server.close();
  return 0;
}
