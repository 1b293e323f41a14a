import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessConfig } from '../../server/config/schema.ts';
import { createManagedProcess } from '../../server/engines/managed.ts';
import type { ManagedProcess } from '../../server/engines/managed.ts';
import { OutOfMemoryError } from '../../server/engines/residency.ts';
import { createEngineRig } from '../support/engine-rig.ts';
import { openFakeUpstream } from '../support/fake-upstream.ts';

/** Processes come and go at the pace of the machine. */
const patience = { timeout: 60_000 };
const rig = createEngineRig(24_000);
const managed: ManagedProcess[] = [];
let reports: string[] = [];
let lost = 0;
afterEach(async () => {
  await Promise.all(managed.splice(0).map((each) => each.unload()));
  reports = [];
  lost = 0;
});

function manage(config: ProcessConfig): ManagedProcess {
  const made = createManagedProcess('mistral', config, {
    onLost: () => void (lost += 1),
    report: (line) => void reports.push(line),
  });
  managed.push(made);
  return made;
}

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid!, 0);
  } catch {
    return false;
  }
}

describe('an engine that the server starts', () => {
  it('[SRV-14] runs from its load to its unload', async () => {
    const engine = manage(rig.engine('mistral', 100).process);
    expect(engine.status()).toEqual({ name: 'mistral', state: 'idle', pid: undefined, deaths: 0 });
    await engine.load();
    const { pid, state } = engine.status();
    expect([state, isAlive(pid)]).toEqual(['running', true]);
    await engine.unload();
    expect([engine.status().state, isAlive(pid), lost]).toEqual(['idle', false, 0]);
  });

  it('[SRV-14] is told what the file says, and none of the server’s secrets', async () => {
    process.env['PARLEY_TEST_SECRET'] = 'hush';
    const { process: config, port } = rig.engine('mistral', 100);
    await manage(config).load();
    const names = (await (await fetch(`http://127.0.0.1:${port}/env`)).json()) as string[];
    delete process.env['PARLEY_TEST_SECRET'];
    expect(names).toEqual(expect.arrayContaining(['PATH', 'NAME']));
    expect(names).not.toContain('PARLEY_TEST_SECRET');
  });

  it('[SRV-14] that ends at its start is reported with the end of what it wrote, and no more', async () => {
    const engine = manage(rig.engine('mistral', 100, { env: { FAILS: 'no such model' } }).process);
    await expect(engine.load()).rejects.toMatchObject({ code: 'engine.failed', retryable: true });
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^mistral did not start[^]*no such model\n$/);
    expect(reports[0]!.length).toBeLessThan(2100);
    expect(engine.status()).toMatchObject({ state: 'waiting', deaths: 1 });
  });

  it('[SRV-14] that is not ready in time is ended', async () => {
    const { process: config } = rig.engine('mistral', 100, { env: { START_MS: '600000' } });
    const engine = manage({ ...config, startTimeoutMs: 500 });
    const loading = engine.load();
    await expect.poll(() => engine.status().pid, patience).toBeDefined();
    const { pid } = engine.status();
    await expect(loading).rejects.toThrow('was not ready');
    expect(isAlive(pid)).toBe(false);
  });

  it('[GPU-4] that finds the card full says so', async () => {
    const engine = manage(rig.engine('mistral', 30_000).process);
    await expect(engine.load()).rejects.toBeInstanceOf(OutOfMemoryError);
  });

  it('[SRV-14] that dies is noticed, and starts again when it is asked to', async () => {
    const engine = manage(rig.engine('mistral', 100).process);
    await engine.load();
    const { pid } = engine.status();
    process.kill(pid!, 'SIGKILL');
    await expect.poll(() => lost, patience).toBe(1);
    expect(engine.status()).toMatchObject({ state: 'waiting', deaths: 1 });
    await engine.load();
    expect(engine.status().pid).not.toBe(pid);
  });

  it.each(['unloaded', 'killed'])('[SRV-14] takes its workers with it when it is %s', async (how) => {
    const { process: config, port } = rig.engine('mistral', 100, { env: { WORKER: '1' } });
    const engine = manage(config);
    await engine.load();
    const worker = Number(await (await fetch(`http://127.0.0.1:${port}/worker`)).text());
    expect(isAlive(worker)).toBe(true);
    if (how === 'killed') process.kill(engine.status().pid!, 'SIGKILL');
    else await engine.unload();
    await expect.poll(() => isAlive(worker), patience).toBe(false);
  });

  it('[SRV-14] that is not to be started again is not', async () => {
    const { process: config } = rig.engine('mistral', 100);
    const engine = manage({ ...config, restart: 'never' });
    await engine.load();
    process.kill(engine.status().pid!, 'SIGKILL');
    await expect.poll(() => lost, patience).toBe(1);
    await expect(engine.load()).rejects.toThrow('not to be started again');
  });

  it('[SRV-14] whose program is missing is named', async () => {
    const { process: config } = rig.engine('mistral', 100);
    const engine = manage({ ...config, command: ['/nowhere/llama-server'] });
    await expect(engine.load()).rejects.toMatchObject({ code: 'engine.failed' });
    expect(reports[0]).toContain('/nowhere/llama-server');
  });

  it('[SRV-14] is not started where something else answers in its place', async () => {
    const other = await openFakeUpstream();
    other.answer({ status: 200 });
    const { process: config } = rig.engine('mistral', 100);
    const engine = manage({ ...config, healthUrl: other.url });
    await expect(engine.load()).rejects.toThrow(`Something else answers at ${other.url}`);
    expect(engine.status().pid).toBeUndefined();
    await other.close();
  });

  it('[SRV-14] ends with the server, also while it starts', async () => {
    const engine = manage(rig.engine('mistral', 100, { env: { START_MS: '600000' } }).process);
    const loading = engine.load().catch((error: unknown) => error);
    await expect.poll(() => engine.status().pid, patience).toBeDefined();
    const { pid } = engine.status();
    engine.terminate();
    expect(await loading).toMatchObject({ code: 'engine.failed' });
    expect([isAlive(pid), reports]).toEqual([false, []]);
  });
});
