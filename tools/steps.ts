import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  passed: number;
  failed: number;
}

/** One part of the test run: a command, and how many tests it was. */
export interface Step {
  name: string;
  command: readonly [string, ...string[]];
  env?: Readonly<Record<string, string>>;
  /** Reads the tests run from the command's report; without it the command itself is one check. */
  count?: () => Counts;
}

/** Rooms that have a tsconfig of their own, and the configuration files at the root. */
const TYPED = ['.', 'core', 'boundary', 'engines', 'workers', 'src', 'src/audio/tsconfig.worklet.json']
  .concat(['src/service-worker', 'server', 'tools', 'tests'])
  .filter((project) => existsSync(project));

/** What can be checked without running anything. */
export const staticSteps: readonly Step[] = [
  ...TYPED.map((project): Step => ({ name: `types of ${project}`, command: ['tsc', '-p', project] })),
  { name: 'lint', command: ['oxlint'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
];

const reportFile = (name: string) => join(tmpdir(), `parley-${name}-${process.pid}.json`);

export function vitestStep(): Step {
  const report = reportFile('vitest');
  return {
    name: 'unit, contract and server tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    count: () => countVitest(takeReport(report)),
  };
}

export function playwrightStep(): Step {
  const report = reportFile('playwright');
  return {
    name: 'browser tests',
    command: ['playwright', 'test'],
    env: { PARLEY_PLAYWRIGHT_REPORT: report },
    count: () => countPlaywright(takeReport(report)),
  };
}

/** Counts of Vitest's JSON report; a file that could not even be loaded is one failure. */
export function countVitest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, testResults } = report as {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/** Counts of Playwright's JSON report; errors outside any test (a server that did not start) are failures. */
export function countPlaywright(report: unknown): Counts {
  const { stats, errors } = report as {
    stats: { expected: number; unexpected: number; flaky: number };
    errors: unknown[];
  };
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

function takeReport(file: string): unknown {
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return report;
}

/** Runs a step, showing its output as it comes. A command that fails counts at least one failure. */
export async function runStep(
  step: Step,
  output: 'stream' | 'on failure' = 'stream',
  write: (text: string | Buffer) => void = (text) => process.stdout.write(text),
): Promise<Counts> {
  const text: Buffer[] = [];
  const exitCode = await new Promise<number>((resolve) => {
    const [command, ...args] = step.command;
    const child = spawn(command, args, {
      env: { ...process.env, ...step.env },
      stdio: [
        'ignore',
        ...(output === 'stream' ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const)),
      ],
      shell: process.platform === 'win32',
    });
    child.stdout?.on('data', (chunk: Buffer) => text.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => text.push(chunk));
    child.on('error', (error) => {
      text.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  write(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${step.name}\n`);
  if (exitCode !== 0) write(Buffer.concat(text));
  return toCounts(exitCode, step.count);
}

function toCounts(exitCode: number, count: Step['count']): Counts {
  let counts: Counts = { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1 };
  try {
    counts = count?.() ?? counts;
  } catch {
    // No report: the runner itself fell over, and its exit code says so.
  }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/** Runs the checks two at a time, each printed only if it fails. */
export async function runStatic(): Promise<Counts> {
  const results: Counts[] = [];
  const queue = [...staticSteps];
  const lane = async () => {
    for (let step = queue.shift(); step; step = queue.shift())
      results.push(await runStep(step, 'on failure'));
  };
  await Promise.all([lane(), lane()]);
  return results.reduce(add);
}
