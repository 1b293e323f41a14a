import { describe, expect, it } from 'vitest';
import { readArguments, refuseRemoteSources } from '../../server/arguments.ts';
import { readConfig } from '../../server/config.ts';

describe('the command line', () => {
  it('may be empty', () => {
    expect(readArguments([])).toEqual({ offline: false, removeServiceWorker: false });
  });

  it('takes both options', () => {
    expect(readArguments(['--remove-service-worker', '--offline'])).toEqual({
      offline: true,
      removeServiceWorker: true,
    });
  });

  it.each([['--ofline'], ['offline'], ['--offline=no'], ['--offline', 'yes'], ['-o'], ['--port', '80']])(
    'is refused with its usage when it says %s',
    (...argv) => {
      expect(() => readArguments(argv)).toThrow(/Usage: npm start -- \[--offline\]/);
    },
  );
});

describe('--offline', () => {
  it('[AIR-2] refuses a server that is told to allow other sites, and says which', () => {
    const { modelSources } = readConfig({ MODEL_SOURCES: 'https://models.example.org' });
    expect(() => refuseRemoteSources(modelSources)).toThrow(
      'MODEL_SOURCES names https://models.example.org, and --offline allows no other site.',
    );
  });

  it.each([{}, { MODEL_SOURCES: '' }, { MODEL_SOURCES: '  ' }])('has nothing against %o', (env) => {
    expect(() => refuseRemoteSources(readConfig(env).modelSources)).not.toThrow();
  });
});
