import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isLoopback, readConfig } from '../../server/config.ts';
import { createEngines } from '../../server/engines/engines.ts';
import { processClock } from '../../server/realtime/clock.ts';
import { profileNames } from '../../server/config/schema.ts';

describe('the environment', () => {
  it('may be empty: this machine only, port 8787', () => {
    expect(readConfig({})).toMatchObject({ port: 8787, host: 'localhost', modelSources: [], origins: [] });
  });

  it('chooses port and address', () => {
    expect(readConfig({ PORT: '9000', HOST: '0.0.0.0' })).toMatchObject({ port: 9000, host: '0.0.0.0' });
  });

  it('names where else models may come from, the public hub for short', () => {
    const { modelSources } = readConfig({ MODEL_SOURCES: 'hub, http://mirror:8788' });
    expect(modelSources).toContain('https://huggingface.co');
    expect(modelSources.at(-1)).toBe('http://mirror:8788');
  });

  it.each(['*', 'https:', 'mirror', 'https://a.org/folder', "'unsafe-inline'", 'https://a.org;script-src *'])(
    'is refused by name with MODEL_SOURCES=%s',
    (sources) => {
      expect(() => readConfig({ MODEL_SOURCES: sources })).toThrow(`MODEL_SOURCES=${sources} cannot be used`);
    },
  );

  it.each(['http', '-1', '70000', '80.5', 'NaN', '0x50', ''])('is refused by name with PORT=%s', (port) => {
    expect(() => readConfig({ PORT: port })).toThrow(`PORT=${port} cannot be used: give a whole number`);
  });

  it('names every variable that cannot be used', () => {
    expect(() => readConfig({ PORT: 'x', HOST: '' })).toThrow(/PORT=x.*\nHOST=/);
  });
});

describe('the configuration file', () => {
  const managed = { command: ['serve'], healthUrl: 'http://127.0.0.1:8080/health', vramMb: 100 };
  const folder = mkdtempSync(join(tmpdir(), 'parley-config-'));
  const file = join(folder, 'parley.json');
  const read = (content: unknown) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readConfig({ PARLEY_CONFIG: file });
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('[SRV-1] may be missing: the starter models then run in processes of this server', () => {
    expect(readConfig({}).stages).toMatchObject({
      stt: { engine: 'whisper', model: 'starter/recogniser' },
      llm: { engine: 'causal-lm', model: 'starter/chat' },
      tts: { engine: 'espeak' },
    });
  });

  it.each(profileNames)('[SRV-1] chooses %s, and each profile serves every stage', (profile) => {
    const { stages, limits } = read({ profile });
    expect(Object.keys(stages).toSorted()).toEqual(['llm', 'stt', 'tts']);
    expect(limits.llm.atOnce).toBeGreaterThan(0);
    expect(readConfig({ PARLEY_PROFILE: profile })).toEqual(readConfig({ PARLEY_CONFIG: file }));
  });

  it('[SRV-1] changes single fields of its profile', () => {
    const llm = { engine: 'openai', url: 'http://10.0.0.2:8080/v1', model: 'mistral' };
    const { stages, limits } = read({ stages: { llm }, limits: { audioSeconds: 60 } });
    expect(stages.llm).toEqual({ ...llm, timeoutMs: 30_000 });
    expect(stages.stt).toMatchObject({ engine: 'whisper' });
    expect(limits).toMatchObject({ audioSeconds: 60, bodyMb: 25 });
  });

  it('[SRV-1] names several engines for a stage, and the programs that the server starts', () => {
    const small = { engine: 'openai', url: 'http://10.0.0.2:8080/v1', model: 'small', firstMs: 2000 };
    const llm = [{ ...small, process: 'big' }, small, { engine: 'apology' }];
    const { stages, processes, gpu } = read({
      stages: { llm },
      processes: { big: managed },
      gpu: { memoryMb: 24_000 },
    });
    expect(stages.llm).toMatchObject(llm);
    expect(processes['big']).toEqual({
      ...managed,
      env: {},
      startTimeoutMs: 300_000,
      restart: 'on-demand',
    });
    expect(gpu).toEqual({ memoryMb: 24_000, waitMs: 20_000 });
  });

  it.each([
    [{ engine: 'apology' }],
    [{ engine: 'apology' }, { engine: 'causal-lm', model: 'starter/chat' }],
    [{ engine: 'openai', url: 'http://10.0.0.2/v1', model: 'x', process: 'nobody' }],
    [{ engine: 'whisper', model: 'starter/recogniser' }],
  ])('[SRV-1] cannot serve the language model with %j, %j', (...llm) => {
    const config = read({ stages: { llm: llm.filter((each) => each !== undefined) } });
    const deps = { clock: processClock, modelsDir: '/nowhere', observe: () => {}, report: () => {} };
    expect(() => createEngines(config, deps)).toThrow('PARLEY_CONFIG: ');
  });

  it.each([
    [{ profile: 'tpu' }, '"profile" cannot be used'],
    [{ stages: { llm: { engine: 'openai', url: 'file:///etc/passwd', model: 'x' } } }, '"stages.llm.url"'],
    [{ stages: { llm: { engine: 'whisper', model: '../secret' } } }, '"stages.llm.model"'],
    [{ limits: { bodyMb: -1 } }, '"limits.bodyMb"'],
    [{ stages: { llm: [] } }, '"stages.llm"'],
    [{ stages: { tts: [{ engine: 'apology' }] } }, '"stages.tts"'],
    [{ gpu: { memoryMb: 0 } }, '"gpu.memoryMb"'],
    [{ processes: { 'a b': managed } }, '"processes.a b"'],
    [{ processes: { x: { ...managed, command: 'rm -rf /' } } }, '"processes.x.command"'],
    [{ processes: { x: { ...managed, command: [] } } }, '"processes.x.command"'],
    [{ processes: { x: { ...managed, env: { 'A=B': 'c' } } } }, '"processes.x.env'],
    [{ processes: { x: { ...managed, healthUrl: 'http://10.0.0.2/health' } } }, '"processes.x.healthUrl"'],
    [
      { processes: { x: { ...managed, healthUrl: 'http://127.0.0.1.example.org/' } } },
      '"processes.x.healthUrl"',
    ],
    [{ processes: { x: { ...managed, vramMb: -1 } } }, '"processes.x.vramMb"'],
    [{ processes: { x: { ...managed, restart: 'always' } } }, '"processes.x.restart"'],
    [{ origins: ['https://example.org/page'] }, '"origins.0"'],
    [{ orgins: [] }, 'the file cannot be used: Unrecognized key: "orgins"'],
    ['{', 'is not valid JSON'],
    [[], 'the file cannot be used'],
  ])('[SRV-1] is refused by name: %j', (content, problem) => {
    expect(() => read(content)).toThrow(`PARLEY_CONFIG=${file}`);
    expect(() => read(content)).toThrow(problem);
  });

  it('[SRV-1] that cannot be read is named', () => {
    expect(() => readConfig({ PARLEY_CONFIG: '/nowhere.json' })).toThrow(
      'PARLEY_CONFIG=/nowhere.json cannot be read',
    );
  });
});

describe('loopback', () => {
  it.each(['localhost', '127.0.0.1', '127.8.0.9', '::1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.org'])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
