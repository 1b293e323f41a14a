import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, runStep, type Step } from '../../tools/steps.ts';

describe('counting', () => {
  it('adds a test file that could not be loaded to the failures', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [
        { status: 'passed', assertionResults: [{}, {}, {}] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2 });
  });

  it('adds flaky tests and errors outside any test to the failures', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [{ message: 'no server' }] };
    expect(countPlaywright(report)).toEqual({ passed: 5, failed: 3 });
  });
});

const run = (step: Step) => runStep(step, 'on failure', () => undefined);

describe('a step', () => {
  const node = (script: string) => [process.execPath, '-e', script] as const;

  it('without a report is one check, by its exit code', async () => {
    expect(await run({ name: 'fine', command: [...node('')] })).toEqual({
      passed: 1,
      failed: 0,
    });
    const bad = { name: 'bad', command: [...node('process.exit(3)')] } as const;
    expect(await run(bad)).toEqual({ passed: 0, failed: 1 });
  });

  it('that fails with a report of passes only is still a failure', async () => {
    const command = [...node('process.exit(1)')] as const;
    const step = { name: 'liar', command, count: () => ({ passed: 7, failed: 0 }) };
    expect(await run(step)).toEqual({ passed: 7, failed: 1 });
  });

  it('whose report is missing counts by its exit code', async () => {
    const count = () => {
      throw new Error('no report');
    };
    const step = { name: 'mute', command: [...node('process.exit(1)')] as const, count };
    expect(await run(step)).toEqual({ passed: 0, failed: 1 });
  });

  it('that cannot be started is a failure', async () => {
    const step = { name: 'absent', command: ['no-such-command'] as const };
    expect(await run(step)).toEqual({ passed: 0, failed: 1 });
  });
});
