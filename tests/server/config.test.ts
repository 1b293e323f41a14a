import { describe, expect, it } from 'vitest';
import { isLoopback, readConfig } from '../../server/config.ts';

describe('the environment', () => {
  it('may be empty: this machine only, port 8787', () => {
    expect(readConfig({})).toEqual({ port: 8787, host: 'localhost', modelSources: [] });
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

describe('loopback', () => {
  it.each(['localhost', '127.0.0.1', '127.8.0.9', '::1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.org'])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
