import { ModelFileNotFoundError } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { LoadProgress } from '../../core/stages/stage.ts';
import { toLoadError } from '../../engines/load-failure.ts';
import { createLoadable } from '../../engines/loadable.ts';
import { trackProgress } from '../../engines/model-files.ts';
import { produce } from '../../engines/produce.ts';
import { createTurnstile } from '../../engines/turnstile.ts';
import { aborted, collect, never } from '../support/stage-contract.ts';

const chat = { name: 'Chat', modelId: 'a/b' };

describe('What went wrong while a model was loaded', () => {
  it.each([
    [new ModelFileNotFoundError('not found at "/models/a/b/onnx/model.onnx".'), 'model.missing'],
    [new SyntaxError('Unexpected token <'), 'model.corrupt'],
    [new Error("Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: protobuf parsing"), 'model.corrupt'],
    [new Error('Unsupported device: "webgpu". Should be one of: wasm.'), 'gpu.unavailable'],
    [new Error('The device (webgpu) does not support fp16.'), 'gpu.unavailable'],
    [new Error('no available backend found. ERR: [wasm] TypeError'), 'engine.failed'],
    [new DOMException('gone', 'AbortError'), 'aborted'],
    [new AppError('gpu.lost', 'x'), 'gpu.lost'],
    ['text', 'engine.failed'],
  ])('%s is %s', (error, code) => {
    expect(toLoadError(error, chat, 'config.json').code).toBe(code);
  });

  it('is told with the name of the file and what to do', () => {
    const missing = new ModelFileNotFoundError('not found at "/models/a/b/onnx/model.onnx".');
    expect(toLoadError(missing, chat, 'config.json').message).toMatch(
      /"onnx\/model.onnx" of Chat.*Reload.*public\/models\/a\/b/,
    );
    expect(toLoadError(new SyntaxError('x'), chat, 'config.json').message).toMatch(/"config.json".*damaged/);
  });
});

describe('Progress', () => {
  it('is the sum of all files, and never more than the total', () => {
    const steps: LoadProgress[] = [];
    const report = trackProgress((step) => steps.push(step));
    report('a', 5, 10);
    report('b', 20, 0);
    report('a', 10, 10);
    expect(steps).toEqual([
      { file: 'a', loadedBytes: 5, totalBytes: 10 },
      { file: 'b', loadedBytes: 25, totalBytes: 30 },
      { file: 'a', loadedBytes: 30, totalBytes: 30 },
    ]);
  });
});

describe('Loading', () => {
  it('goes on for others when the one who began it gives up', async () => {
    let opened = 0;
    const model = { close: async () => {} };
    const loadable = createLoadable('Model', async (_progress, signal) => {
      opened++;
      await Promise.resolve();
      if (signal.aborted) throw new AppError('aborted', 'The work was cancelled.');
      return model;
    });
    const controller = new AbortController();
    const first = loadable.load(() => {}, controller.signal);
    const second = loadable.load(() => {}, never);
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
    await second;
    expect(opened).toBe(2);
    expect(loadable.get()).toBe(model);
  });

  it('closes a model that is disposed while it loads', async () => {
    let closed = 0;
    const loadable = createLoadable('Model', async () => ({ close: async () => void closed++ }));
    const loading = loadable.load(() => {}, never);
    await loadable.dispose();
    await loading;
    expect(closed).toBe(1);
    expect(() => loadable.get()).toThrow('not loaded');
  });
});

describe('A stream of work', () => {
  it('runs ahead of its reader and ends with the error of the work', async () => {
    const stream = produce<number>(never, async (emit) => {
      [1, 2, 3].forEach(emit);
      throw new Error('broken');
    });
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const item of stream) seen.push(item);
      })(),
    ).rejects.toThrow('broken');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('stops the work when its reader leaves', async () => {
    const stopped = Promise.withResolvers<void>();
    const stream = produce<number>(never, async (emit, signal) => {
      signal.addEventListener('abort', () => stopped.resolve());
      emit(1);
      await stopped.promise;
    });
    for await (const _ of stream) break;
    await stopped.promise;
  });

  it('stops the work when the signal fires, though nobody reads on', async () => {
    const controller = new AbortController();
    const stopped = Promise.withResolvers<void>();
    const stream = produce<number>(controller.signal, async (emit, signal) => {
      signal.addEventListener('abort', () => stopped.resolve());
      emit(1);
      await stopped.promise;
    });
    await stream.next();
    controller.abort();
    await stopped.promise;
    await expect(stream.next()).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('A turnstile', () => {
  it('lets one in at a time, and goes on after a failure', async () => {
    const turnstile = createTurnstile();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = turnstile.run(never, async () => {
      order.push('first in');
      await gate.promise;
      order.push('first out');
      throw new Error('broken');
    });
    const second = turnstile.run(never, async () => void order.push('second'));
    const third = turnstile.run(aborted(), async () => void order.push('third'));
    gate.resolve();
    await expect(first).rejects.toThrow('broken');
    await second;
    await expect(third).rejects.toMatchObject({ code: 'aborted' });
    expect(order).toEqual(['first in', 'first out', 'second']);
  });

  it('tells those inside to stop before it is cleared', async () => {
    const turnstile = createTurnstile();
    const stream = produce<number>(never, (emit, stopped) =>
      turnstile.run(stopped, async (signal) => {
        emit(1);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new AppError('aborted', 'The work was cancelled.');
      }),
    );
    await stream.next();
    let cleared = false;
    await turnstile.clear(async () => void (cleared = true));
    expect(cleared).toBe(true);
    await expect(collect(stream)).rejects.toMatchObject({ code: 'aborted' });
  });
});
