import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/** A copy of the repository without its models, on a machine without network. */
export interface Clone {
  folder: string;
  /** Runs `npm run …` to its end. @returns what it printed; @throws Error where it failed */
  run(...args: string[]): Promise<string>;
  /** Starts a command that serves. @returns when it has printed `until`, with all it has printed */
  serve(args: string[], until: RegExp): Promise<string>;
  /** Ends what serves, and deletes the folder. */
  remove(): Promise<void>;
}

/** Neither the code that runs nor what it is made of. */
const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'test-results', 'starter-models', 'tests', 'docs']);

/** @param catalogue whether the copy has the list of models, as a clone of the repository has */
export async function createClone(catalogue: boolean): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-clone-'));
  await cp('.', folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(basename(path)) && path !== join('public', 'models'),
  });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  await mkdir(join(folder, 'public/models'));
  if (catalogue) await cp('public/models/catalog.json', join(folder, 'public/models/catalog.json'));

  const preload = `--import=${new URL('./no-network.mjs', import.meta.url).href}`;
  const serving = new Set<ChildProcess>();
  const start = (args: readonly string[]): ChildProcess =>
    spawn('npm', args, {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: preload, PORT: '0' },
      // A group of its own, so that npm and what it started end together.
      detached: true,
    });

  return {
    folder,
    async run(...args) {
      const child = start(['run', '--silent', ...args]);
      const printed = collect(child);
      const [code] = (await once(child, 'close')) as [number];
      if (code !== 0) throw new Error(`npm run ${args.join(' ')} ended with ${code}\n${printed()}`);
      return printed();
    },
    async serve(args, until) {
      const child = start(args);
      serving.add(child);
      const printed = collect(child);
      const ended = once(child, 'close').then(() => 'ended');
      while (!until.test(printed())) {
        const next = Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), ended]);
        if ((await next) === 'ended') throw new Error(`npm ${args.join(' ')} ended\n${printed()}`);
      }
      return printed();
    },
    async remove() {
      for (const { pid, exitCode } of serving) if (pid && exitCode === null) process.kill(-pid, 'SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
