import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { Transcript } from '../../../core/stages/stage.ts';
import { createRecycledRecognizer, type WearingThread } from '../../../src/app/recycled-recognizer.ts';
import { collect, never } from '../../support/stage-contract.ts';

const BUDGET_BYTES = 100;

/** A thread that the test holds in its hands. */
interface HeldThread {
  grownBytes: number;
  terminated: boolean;
  loading: PromiseWithResolvers<void>;
  /** Ends the utterance under way. */
  say(text: string): void;
  fail(error: AppError): void;
  die(): void;
}

function createBench() {
  const threads: HeldThread[] = [];
  const deaths: string[] = [];

  function start(onDeath: (error: AppError) => void): WearingThread {
    const loading = Promise.withResolvers<void>();
    let utterance = Promise.withResolvers<Transcript>();
    const held: HeldThread = {
      grownBytes: 0,
      terminated: false,
      loading,
      say: (text) => utterance.resolve({ text, settled: true }),
      fail: (error) => utterance.reject(error),
      die: () => onDeath(new AppError('worker.died', 'It stopped.')),
    };
    threads.push(held);
    const name = String(threads.length);
    return {
      stage: {
        describe: async () => ({ model: name, id: name, runtime: 'scripted', device: 'webgpu' }),
        load: () => loading.promise,
        dispose: async () => {},
        async *transcribe() {
          utterance = Promise.withResolvers<Transcript>();
          yield await utterance.promise;
        },
      },
      probe: async () => {},
      terminate: () => void (held.terminated = true),
      gpuGrowthBytes: async () => held.grownBytes,
    };
  }

  const recycled = createRecycledRecognizer({
    start,
    onDeath: (error) => void deaths.push(error.code),
    budgetBytes: BUDGET_BYTES,
  });
  return {
    threads,
    deaths,
    recycled,
    /** One utterance; its transcripts come when a thread says something. */
    listen: () => collect(recycled.stage.transcribe(noAudio(), {}, never)),
    serving: async () => (await recycled.stage.describe()).model,
  };
}

async function* noAudio(): AsyncGenerator<never> {}

/** Lets everything happen that waits for nothing else. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A bench whose first thread has used up its budget in one utterance. */
async function createWornBench() {
  const bench = createBench();
  const [first] = bench.threads;
  const heard = bench.listen();
  await settle();
  first!.grownBytes = BUDGET_BYTES + 1;
  first!.say('one');
  expect(await heard).toEqual([{ text: 'one', settled: true }]);
  await settle();
  return { ...bench, first: first!, second: bench.threads[1]! };
}

describe('A recogniser that gathers GPU memory', () => {
  it('keeps its thread within the budget', async () => {
    const { threads, listen } = createBench();
    for (let utterance = 0; utterance < 3; utterance++) {
      const heard = listen();
      await settle();
      threads[0]!.grownBytes = BUDGET_BYTES;
      threads[0]!.say('one');
      await heard;
      await settle();
    }
    expect(threads).toHaveLength(1);
  });

  it('gets a new one above it, which takes over once it is loaded', async () => {
    const { first, second, serving } = await createWornBench();
    expect(await serving()).toBe('1');
    expect(first.terminated).toBe(false);
    second.loading.resolve();
    await settle();
    expect(await serving()).toBe('2');
    expect(first.terminated).toBe(true);
  });

  it('hears an utterance out in the thread it began in', async () => {
    const { first, second, listen, serving } = await createWornBench();
    const heard = listen();
    second.loading.resolve();
    await settle();
    expect(first.terminated).toBe(false);
    const next = listen();
    await settle();
    first.say('old');
    expect(await heard).toEqual([{ text: 'old', settled: true }]);
    expect(first.terminated).toBe(true);
    second.say('new');
    expect(await next).toEqual([{ text: 'new', settled: true }]);
    expect(await serving()).toBe('2');
  });

  it('lets a call that is under way in the old one end', async () => {
    const { first, second, recycled, serving } = await createWornBench();
    const loading = recycled.stage.load(() => {}, never);
    second.loading.resolve();
    await settle();
    expect(await serving()).toBe('2');
    expect(first.terminated).toBe(false);
    first.loading.resolve();
    await loading;
    expect(first.terminated).toBe(true);
  });

  it('goes on in the old one where the new one does not load, and tries again', async () => {
    const { threads, first, second, listen, serving } = await createWornBench();
    second.loading.reject(new AppError('model.missing', 'Gone.'));
    await settle();
    expect(second.terminated).toBe(true);
    expect(await serving()).toBe('1');
    const heard = listen();
    await settle();
    first.say('two');
    await heard;
    await settle();
    expect(threads).toHaveLength(3);
  });

  it('is told of the death of the thread in use only', async () => {
    const { first, second, deaths } = await createWornBench();
    second.die();
    expect(deaths).toEqual([]);
    first.die();
    expect(deaths).toEqual(['worker.died']);
  });

  it('asks a thread that failed for nothing', async () => {
    const { threads, listen } = createBench();
    const heard = listen();
    await settle();
    threads[0]!.grownBytes = BUDGET_BYTES + 1;
    threads[0]!.fail(new AppError('worker.died', 'It stopped.'));
    await expect(heard).rejects.toMatchObject({ code: 'worker.died' });
    await settle();
    expect(threads).toHaveLength(1);
  });

  it('ends both threads when it is ended itself', async () => {
    const { first, second, recycled } = await createWornBench();
    recycled.terminate();
    expect([first.terminated, second.terminated]).toEqual([true, true]);
    second.loading.resolve();
    await settle();
    expect((await recycled.stage.describe()).model).toBe('1');
  });
});
