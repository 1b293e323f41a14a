import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { createConversationRun } from '../../../src/app/conversation-run.ts';
import { createMicrophoneRecovery } from '../../../src/app/microphone-recovery.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

const missing = new AppError('model.missing', 'A file is missing.');
const lost = new AppError('mic.lost', 'It was unplugged.', { retryable: true });

function setUp() {
  const log: string[] = [];
  const loads: { stages: readonly string[]; succeed(): void; fail(error: AppError): void }[] = [];
  const devices: { atOnce: boolean; back(): void }[] = [];
  let nowMs = 0;
  const run = createConversationRun({
    session: {
      start: () => log.push('start'),
      end: () => log.push('end'),
      notify: (error) => log.push(`notice ${error.code}`),
      submitText: (text) => log.push(`text ${text}`),
    },
    load(stages, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => reject(new AppError('aborted', 'The work was cancelled.')));
      loads.push({ stages, succeed: resolve, fail: reject });
      return promise;
    },
    openSound: () => Promise.reject(new AppError('engine.failed', 'No sound.')),
    recovery: createMicrophoneRecovery({
      nowMs: () => nowMs,
      waitForDevice: (_signal, atOnce) =>
        new Promise((resolve) => {
          devices.push({ atOnce, back: resolve });
        }),
    }),
    onChange: () => {},
  });
  async function succeed(): Promise<void> {
    loads.at(-1)?.succeed();
    await settle();
  }
  async function talk(): Promise<void> {
    void run.start();
    await succeed();
    run.microphoneOpened();
  }
  return { run, log, loads, devices, talk, succeed, pass: (ms: number) => (nowMs += ms) };
}

describe('from Talk to End', () => {
  it('is starting until the microphone is really open', async () => {
    const { run, log, succeed } = setUp();
    void run.start();
    await succeed();
    expect(log).toEqual(['start']);
    expect(run.state()).toBe('starting');
    run.microphoneOpened();
    expect(run.state()).toBe('on');
    run.end();
    expect(run.state()).toBe('off');
  });

  it('closes the microphone when the models do not load', async () => {
    const { run, log, loads } = setUp();
    void run.start();
    loads[0]?.fail(missing);
    await settle();
    expect(log).toEqual(['end', 'notice model.missing']);
    expect(run.state()).toBe('failed');
  });

  it('is off after a cancel, whatever becomes of the load', async () => {
    const { run, log, loads } = setUp();
    void run.start();
    run.end();
    loads[0]?.fail(missing);
    await settle();
    expect(run.state()).toBe('off');
    expect(log).toEqual(['end']);
  });
});

describe('what was typed', () => {
  it('survives a failed load and is answered after a retry, with the microphone closed', async () => {
    const { run, log, loads, succeed } = setUp();
    run.submitText('Who are you?');
    expect(loads[0]?.stages).toEqual(['llm']);
    loads[0]?.fail(missing);
    await settle();
    expect(log).toEqual(['notice model.missing']);
    run.retry();
    expect(loads[1]?.stages).toEqual(['llm']);
    await succeed();
    expect(log).toEqual(['notice model.missing', 'text Who are you?']);
    expect(run.state()).toBe('off');
  });

  it('is answered when a retry reopens the microphone of somebody who was talking', async () => {
    const { run, log, loads, succeed } = setUp();
    void run.start();
    run.submitText('Who are you?');
    for (const { fail } of loads) fail(missing);
    await settle();
    expect(run.state()).toBe('failed');
    run.retry();
    await succeed();
    expect(log.slice(-2)).toEqual(['start', 'text Who are you?']);
  });

  it('does not disturb the open microphone when it is tried again', async () => {
    const { run, log, talk, loads, succeed } = setUp();
    await talk();
    run.retry();
    expect(run.state()).toBe('on');
    await succeed();
    run.retry();
    loads.at(-1)?.fail(missing);
    await settle();
    expect(run.state()).toBe('on');
    expect(log).toEqual(['start', 'notice model.missing']);
  });
});

describe('a microphone that fails', () => {
  it('at its first opening is not waited for', async () => {
    const { run, devices, succeed } = setUp();
    void run.start();
    await succeed();
    run.microphoneFailed(lost);
    expect(run.state()).toBe('failed');
    expect(devices).toEqual([]);
  });

  it('in mid-conversation comes back, also when the first try comes too early', async () => {
    const { run, log, devices, talk, succeed } = setUp();
    await talk();
    run.microphoneFailed(lost);
    expect(run.state()).toBe('reconnecting');
    expect(devices.map(({ atOnce }) => atOnce)).toEqual([true]);
    devices[0]?.back();
    await settle();
    await succeed();
    run.microphoneFailed(new AppError('mic.missing', 'There is none.'));
    expect(run.state()).toBe('reconnecting');
    expect(devices.map(({ atOnce }) => atOnce)).toEqual([true, false]);
    devices[1]?.back();
    await settle();
    await succeed();
    run.microphoneOpened();
    expect(run.state()).toBe('on');
    expect(log).toEqual(['start', 'start', 'start']);
  });

  it('is not waited for any more once the person has pressed End', async () => {
    const { run, log, devices, talk } = setUp();
    await talk();
    run.microphoneFailed(lost);
    run.end();
    devices[0]?.back();
    await settle();
    expect(run.state()).toBe('off');
    expect(log).toEqual(['start', 'end']);
  });

  it('with its thread is opened again, but not for ever', async () => {
    const { run, talk, succeed, pass } = setUp();
    const died = new AppError('worker.died', 'It stopped.', { retryable: true });
    await talk();
    for (let n = 0; n < 5; n++) {
      pass(1_000);
      run.microphoneFailed(died);
      expect(run.state()).toBe('reconnecting');
      await settle();
      await succeed();
      run.microphoneOpened();
    }
    run.microphoneFailed(died);
    expect(run.state()).toBe('failed');
  });
});
