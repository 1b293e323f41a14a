import { describe, expect, it } from 'vitest';
import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import type { Configurable } from '../../boundary/worker-bridge.ts';
import { AppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Stage } from '../../core/stages/stage.ts';
import { hosted } from '../../workers/hosted.ts';
import { collect, never } from '../support/stage-contract.ts';
import { createFakeThread } from '../support/threads.ts';
import type { FakeThread } from '../support/threads.ts';

/** Says its model's name; a model named after an error breaks with it. */
interface Parrot extends Stage {
  speak(): AsyncIterable<string>;
}

let loads = 0;

function createParrot(model: string): Parrot {
  return {
    describe: async () => ({ model, id: model, runtime: 'scripted', device: 'cpu' }),
    load: async () => void loads++,
    dispose: async () => {},
    async *speak() {
      yield model;
      if (model !== 'parrot') throw new AppError(model as ErrorCode, 'It broke.');
    },
  };
}

interface ParrotHost extends Stage, Configurable<string> {
  speak(signal: AbortSignal): AsyncIterable<string>;
}

function parrotHost(end: () => void): ParrotHost {
  const host = hosted<Parrot, string>(createParrot, end);
  return { ...host.lifeCycle, speak: (signal) => host.stream(signal, (parrot) => parrot.speak()) };
}

describe('the stage of a worker', () => {
  it('is made from its configuration and loaded by its first use', async () => {
    loads = 0;
    const host = parrotHost(() => {});
    host.configure('parrot');
    expect(await host.describe()).toMatchObject({ model: 'parrot' });
    expect(loads).toBe(0);
    expect(await collect(host.speak(never))).toEqual(['parrot']);
    expect(loads).toBe(1);
  });

  it('answers with an error before it is configured', async () => {
    const host = parrotHost(() => {});
    await expect(host.describe()).rejects.toMatchObject({ code: 'engine.failed' });
    await expect(collect(host.speak(never))).rejects.toMatchObject({ code: 'engine.failed' });
  });

  it.each(['engine.failed', 'gpu.lost'])(
    'ends its worker once the error is out when it breaks: %s',
    async (code) => {
      const threads: FakeThread[] = [];
      const died = Promise.withResolvers<AppError>();
      const bridge = createWorkerBridge<ParrotHost>({
        name: 'The parrot',
        config: code,
        spawn() {
          const thread: FakeThread = createFakeThread(parrotHost(() => thread.crash()));
          threads.push(thread);
          return thread;
        },
        onDeath: died.resolve,
      });
      await expect(collect(bridge.stream('speak', never))).rejects.toMatchObject({ code });
      expect(await died.promise).toMatchObject({ code: 'worker.died' });
      expect(await bridge.call('describe')).toMatchObject({ model: code });
      expect(threads).toHaveLength(2);
      bridge.terminate();
    },
  );

  it.each(['aborted', 'audio.invalid', 'model.missing'])('keeps its worker after %s', async (code) => {
    let ends = 0;
    const host = parrotHost(() => void ends++);
    host.configure(code);
    await expect(collect(host.speak(never))).rejects.toMatchObject({ code });
    await new Promise((resolve) => setTimeout(resolve));
    expect(ends).toBe(0);
  });
});
