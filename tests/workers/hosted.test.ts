import { describe, expect, it } from 'vitest';
import type { Stage } from '../../core/stages/stage.ts';
import { hosted } from '../../workers/hosted.ts';
import { never } from '../support/stage-contract.ts';

describe('the stage of a worker', () => {
  it('is made from its configuration and loaded by its first use', async () => {
    let loads = 0;
    const create = (model: string): Stage => ({
      describe: async () => ({ model, id: model, runtime: 'scripted', device: 'cpu' }),
      load: async () => void loads++,
      dispose: async () => {},
    });
    const host = hosted(create);
    host.lifeCycle.configure('parrot');
    expect(await host.lifeCycle.describe()).toMatchObject({ model: 'parrot' });
    expect(loads).toBe(0);
    await host.loaded(never);
    expect(loads).toBe(1);
  });

  it('answers with an error before it is configured', async () => {
    const host = hosted((): Stage => {
      throw new Error('not reached');
    });
    await expect(host.lifeCycle.describe()).rejects.toMatchObject({ code: 'engine.failed' });
    await expect(host.loaded(never)).rejects.toMatchObject({ code: 'engine.failed' });
  });
});
