import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import { createChain } from '../../../core/stages/first-that-works.ts';
import type { Rung } from '../../../core/stages/first-that-works.ts';
import type { Stage } from '../../../core/stages/stage.ts';
import { collect, never } from '../../support/stage-contract.ts';

/** An engine that says its name, unless it is told to fail. */
interface Scripted extends Stage {
  speak(): AsyncIterable<string>;
}

interface Script {
  rung: Rung<Scripted>;
  /** What the next loads and the next words fail with, in order. */
  failLoad: (ErrorCode | undefined)[];
  failWords: (ErrorCode | undefined)[];
  log: string[];
  /** Its thread ends by itself. */
  die(): void;
}

function script(key: string, device: 'wasm' | 'webgpu'): Script {
  const log: string[] = [];
  const failLoad: Script['failLoad'] = [];
  const failWords: Script['failWords'] = [];
  let onDeath = (_error: AppError): void => {};
  const fail = (code: ErrorCode | undefined): void => {
    if (code !== undefined) throw new AppError(code, `${key} failed.`);
  };
  const info = { model: key, id: key, runtime: 'scripted', device } as const;
  const stage: Scripted = {
    describe: async () => info,
    async load() {
      log.push('load');
      fail(failLoad.shift());
    },
    dispose: async () => {},
    async *speak() {
      fail(failWords.shift());
      yield key;
    },
  };
  const rung: Rung<Scripted> = {
    key,
    info,
    start(told) {
      onDeath = told;
      return { stage, terminate: () => void log.push('end'), probe: async () => {} };
    },
  };
  return { rung, failLoad, failWords, log, die: () => onDeath(new AppError('worker.died', `${key} died.`)) };
}

function setUp() {
  const gpu = script('large', 'webgpu');
  const otherGpu = script('medium', 'webgpu');
  const wasm = script('small', 'wasm');
  const said: string[] = [];
  const reloaded: string[] = [];
  const chain = createChain([gpu.rung, otherGpu.rung, wasm.rung], {
    onReload: ({ key }) => reloaded.push(key),
    onServing: () => {},
    onFailure: (error) => said.push(error.message),
  });
  const load = () => chain.lifeCycle.load(() => {}, never);
  const speak = () => collect(chain.stream(never, (stage) => stage.speak()));
  const fails = async (code: ErrorCode) => {
    const { key } = chain.serving();
    const all = [gpu, otherGpu, wasm];
    all.find(({ rung }) => rung.key === key)?.failWords.push(code);
    return speak().then(
      () => expect.unreachable(),
      (error: AppError) => error.message,
    );
  };
  return { chain, gpu, otherGpu, wasm, said, reloaded, load, speak, fails };
}

describe('[CHAIN-1] loading', () => {
  it('takes the first that loads, ends the one that did not, and says so', async () => {
    const { load, speak, gpu, said } = setUp();
    gpu.failLoad.push('model.missing');
    await load();
    expect(await speak()).toEqual(['medium']);
    expect(gpu.log).toEqual(['load', 'end']);
    expect(said).toEqual(['large failed. medium takes over on the graphics chip.']);
  });

  it('leaves the graphics chip altogether where that is the fault', async () => {
    const { load, speak, gpu, otherGpu } = setUp();
    gpu.failLoad.push('gpu.unavailable');
    await load();
    expect(await speak()).toEqual(['small']);
    expect(otherGpu.log).toEqual([]);
  });

  it('fails with the last where none loads, and begins anew at the next attempt', async () => {
    const { load, speak, gpu, otherGpu, wasm } = setUp();
    for (const { failLoad } of [gpu, otherGpu, wasm]) failLoad.push('model.corrupt');
    await expect(load()).rejects.toMatchObject({ code: 'model.corrupt', message: 'small failed.' });
    await load();
    expect(await speak()).toEqual(['large']);
  });

  it('takes an engine that fails when it is measured for one that does not load', async () => {
    const gpu = script('large', 'webgpu');
    const wasm = script('small', 'wasm');
    const chain = createChain([gpu.rung, wasm.rung], {
      onReload: () => {},
      onServing: () => {},
      onFailure: () => {},
      onLoaded: async ({ key }) => {
        if (key === 'large') throw new AppError('engine.failed', 'A shader does not compile.');
      },
    });
    await chain.lifeCycle.load(() => {}, never);
    expect(chain.serving().key).toBe('small');
  });

  it('that is given up changes nothing', async () => {
    const { chain, said } = setUp();
    const controller = new AbortController();
    controller.abort();
    await chain.lifeCycle.load(() => {}, controller.signal);
    expect([chain.serving().key, said]).toEqual(['large', []]);
  });
});

describe('[CHAIN-2] a failure in use', () => {
  it('that may pass gets the same engine in a new thread, and the second one the next engine', async () => {
    const { load, speak, fails, reloaded, gpu } = setUp();
    await load();
    expect(await fails('engine.failed')).toBe('large failed.');
    await load();
    expect(await speak()).toEqual(['large']);
    expect(await fails('worker.died')).toBe('large failed. medium takes over on the graphics chip.');
    await load();
    expect(await speak()).toEqual(['medium']);
    expect(reloaded).toEqual(['large', 'medium']);
    expect(gpu.log).toEqual(['load', 'end', 'load', 'end']);
  });

  it('of the graphics chip, when it repeats, leads to the processor', async () => {
    const { load, speak, fails } = setUp();
    await load();
    await fails('gpu.lost');
    await load();
    expect(await fails('gpu.lost')).toContain('small takes over on the processor.');
    await load();
    expect(await speak()).toEqual(['small']);
  });

  it('that cannot pass leads to the next engine at once', async () => {
    const { load, fails, chain } = setUp();
    await load();
    await fails('model.corrupt');
    expect(chain.serving().key).toBe('medium');
  });

  it.each(['server.unreachable', 'server.busy', 'server.denied'] as const)(
    '[PLACE-13] of a server, %s, leads to the next engine at once',
    async (code) => {
      const { load, fails, chain } = setUp();
      await load();
      await fails(code);
      expect(chain.serving().key).toBe('medium');
    },
  );

  it('[PLACE-13] by silence may pass once', async () => {
    const { load, fails, chain } = setUp();
    await load();
    await fails('engine.timeout');
    expect(chain.serving().key).toBe('large');
    await load();
    await fails('engine.timeout');
    expect(chain.serving().key).toBe('medium');
  });

  it('counts once, however many calls fail with it', async () => {
    const { load, fails, gpu, chain } = setUp();
    await load();
    await fails('worker.died');
    await fails('worker.died');
    gpu.die();
    expect(chain.serving().key).toBe('large');
  });

  it('is forgiven after much work that went well', async () => {
    const { load, speak, fails, chain } = setUp();
    await load();
    await fails('engine.failed');
    await load();
    for (let count = 0; count < 20; count++) await speak();
    await fails('engine.failed');
    expect(chain.serving().key).toBe('large');
  });

  it('is none of the engine where the audio or the caller is at fault', async () => {
    const { load, fails, chain, reloaded } = setUp();
    await load();
    for (const code of ['audio.invalid', 'aborted', 'input.invalid'] as const) await fails(code);
    await fails('engine.failed');
    expect([chain.serving().key, reloaded]).toEqual(['large', ['large']]);
  });

  it('is said in the same words by everything that fails with it', async () => {
    const { load, fails, gpu, said } = setUp();
    await load();
    await fails('worker.died');
    await load();
    gpu.die();
    expect(said).toEqual(['large died. medium takes over on the graphics chip.']);
    expect(await fails('worker.died')).toBe(said[0]);
  });

  it('between two calls is told without one', async () => {
    const { load, gpu, said, chain } = setUp();
    await load();
    gpu.die();
    expect(said).toEqual([]);
    await load();
    gpu.die();
    expect(said).toEqual(['large died. medium takes over on the graphics chip.']);
    expect(chain.serving().key).toBe('medium');
  });
});

describe('[CHAIN-3] another order', () => {
  it('keeps the engine that is first in it as well', async () => {
    const { load, chain, gpu, wasm, reloaded } = setUp();
    await load();
    chain.replace([gpu.rung, wasm.rung], false);
    expect([gpu.log, reloaded]).toEqual([['load'], []]);
  });

  it('ends the engine for the one that goes first now', async () => {
    const { load, speak, chain, gpu, wasm, reloaded } = setUp();
    await load();
    chain.replace([wasm.rung, gpu.rung], false);
    expect(reloaded).toEqual(['small']);
    expect(gpu.log).toEqual(['load', 'end']);
    await load();
    expect(await speak()).toEqual(['small']);
  });

  it('passes over what was given up, unless it is to be tried afresh', async () => {
    const { load, fails, chain, gpu, wasm } = setUp();
    await load();
    await fails('model.corrupt');
    chain.replace([gpu.rung, wasm.rung], false);
    expect(chain.serving().key).toBe('small');
    chain.replace([gpu.rung, wasm.rung], true);
    expect(chain.serving().key).toBe('large');
  });

  it('[PLACE-13] takes what it left out for a while for new when it comes back', async () => {
    const { load, fails, chain, gpu, wasm } = setUp();
    await load();
    await fails('server.unreachable');
    chain.replace([wasm.rung], false);
    chain.replace([gpu.rung, wasm.rung], false);
    expect(chain.serving().key).toBe('large');
  });
});
