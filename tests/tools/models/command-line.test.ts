import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCommand } from '../../../tools/models/arguments.ts';
import { CHAT, createKit } from '../../support/model-workspace.ts';

const kit = createKit();
afterAll(() => kit.remove());

describe('a command line', () => {
  it.each([
    [[], 'Say what to do'],
    [['fetch'], 'no command fetch'],
    [['list', 'all'], 'nothing after it'],
    [['pull'], 'models or a profile'],
    [['pull', CHAT, '--profile', 'both'], 'models or a profile'],
    [['pull', CHAT, '--hub', 'not an address'], 'no web address'],
    [['pull', CHAT, '--hub', 'file:///etc'], 'no web address'],
    [['pull', CHAT, '--port', '1'], 'no option --port'],
    [['pull', CHAT, '--frobnicate'], '--frobnicate'],
    [['bundle'], 'name of the archive'],
    [['unbundle', 'a.tar', 'b.tar'], 'nothing after it'],
    [['serve-as-hub', '--port', 'eighty'], 'from 0 to 65535'],
    [['serve-as-hub', '--port', '65536'], 'from 0 to 65535'],
  ])('%j is answered with what is wrong, the usage, and exit code 2', async (argv, reason) => {
    expect(await kit.run(...argv)).toBe(2);
    expect(kit.printed()).toContain(reason);
    expect(kit.printed()).toContain('Usage: npm run models');
  });

  it('takes the hub from the environment, and rather from the option', () => {
    const env = { PARLEY_HUB: 'http://env.test' };
    expect(parseCommand(['pull', CHAT], env)).toMatchObject({ hub: 'http://env.test' });
    expect(parseCommand(['pull', CHAT, '--hub', 'http://option.test'], env)).toMatchObject({
      hub: 'http://option.test',
    });
  });

  it('that names an unknown model or profile is told of those that exist', async () => {
    expect(await kit.run('verify', 'CHAT')).toBe(1);
    expect(kit.printed()).toContain(`Did you mean ${CHAT}`);
    expect(await kit.run('pull', '--profile', 'huge')).toBe(1);
    expect(kit.printed()).toContain('There are both, own');
  });

  it('in an empty folder lists every model and finds nothing to verify', async () => {
    expect(await kit.run('list')).toBe(0);
    expect(kit.printed()).toContain(CHAT);
    expect(await kit.run('verify')).toBe(1);
  });

  it('runs as a program', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/models/main.ts', 'nonsense'], {
      encoding: 'utf8',
    });
    expect([status, stderr.split('\n')[0]]).toEqual([2, 'There is no command nonsense.']);
  });
});
