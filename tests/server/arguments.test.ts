import { describe, expect, it } from 'vitest';
import { readArguments, refuseRemoteSources } from '../../server/arguments.ts';

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
  it('[AIR-2] refuses a server that is told to allow other sites, and says which setting', () => {
    expect(() => refuseRemoteSources({ MODEL_SOURCES: 'https://huggingface.co' })).toThrow(
      'MODEL_SOURCES=https://huggingface.co names other sites, and --offline allows none.',
    );
  });

  it.each([{}, { MODEL_SOURCES: '' }, { MODEL_SOURCES: '  ' }, { PORT: '80' }])(
    'has nothing against %o',
    (env) => {
      expect(() => refuseRemoteSources(env)).not.toThrow();
    },
  );
});
