import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { OnProgress, Stage, StageInfo } from '../../../core/stages/stage.ts';
import { createModelLoader } from '../../../src/app/model-loader.ts';
import { stageNames } from '../../../src/state/conversation.ts';
import type { StageName } from '../../../src/state/conversation.ts';

interface Loading {
  progress: OnProgress;
  signal: AbortSignal;
  succeed(): void;
  fail(error: AppError): void;
}

/** A stage whose loads wait for the test; `loads` has them in order. */
function scriptedStage(model: string): {
  stage: Stage;
  info: StageInfo;
  totalBytes: number;
  loads: Loading[];
} {
  const loads: Loading[] = [];
  const info: StageInfo = { model, id: `scripted/${model}`, runtime: 'scripted', device: 'cpu' };
  const stage: Stage = {
    describe: async () => info,
    load(progress, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      loads.push({ progress, signal, succeed: resolve, fail: reject });
      return promise;
    },
    dispose: async () => {},
  };
  return { stage, info, totalBytes: 100, loads };
}

/** Lets everything that waits for no test run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const errors: [StageName, string][] = [];
  const loader = createModelLoader((name, error) => errors.push([name, error.code]));
  const stages = {
    vad: scriptedStage('vad'),
    turn: scriptedStage('turn'),
    stt: scriptedStage('stt'),
    llm: scriptedStage('llm'),
    tts: scriptedStage('tts'),
  };
  for (const name of stageNames) loader.set(name, stages[name]);
  const of = (name: StageName) => loader.status().stages.find(({ stage }) => stage === name);
  /** Loads these stages to the end. */
  async function loaded(...names: StageName[]): Promise<void> {
    await settle();
    for (const name of names) stages[name].loads.at(-1)?.succeed();
    await settle();
  }
  return { loader, stages, of, loaded, errors };
}

const voice = ['vad', 'stt', 'llm'] as const;
const died = new AppError('worker.died', 'It stopped.', { retryable: true });
const missing = new AppError('model.missing', 'A file is missing.');

describe('loading the models', () => {
  it('shares loads, tells of progress, and is ready when all are', async () => {
    const { loader, stages, of, loaded } = setUp();
    const typed = loader.load(['llm']);
    const spoken = loader.load(voice);
    await settle();
    expect(stages.llm.loads).toHaveLength(1);
    stages.llm.loads[0]?.progress({ file: 'model.onnx', loadedBytes: 250, totalBytes: 250 });
    expect(of('llm')).toMatchObject({ state: 'loading', file: 'model.onnx', loadedBytes: 100 });
    await loaded('llm');
    await typed;
    expect(loader.status().ready).toBe(false);
    await loaded('vad', 'stt', 'turn', 'tts');
    await spoken;
    expect(loader.status().ready).toBe(true);
    expect(of('llm')).not.toHaveProperty('file');
  });

  it('needs the language model only for what is typed, and does not wait for the voice', async () => {
    const { loader, stages, loaded } = setUp();
    const typed = loader.load(['llm']);
    await loaded('llm');
    await typed;
    expect(stages.stt.loads).toHaveLength(0);
    expect(stages.turn.loads).toHaveLength(0);
    expect(stages.tts.loads).toHaveLength(1);
  });

  it('loads what knows the end of a turn with the microphone, and does not wait for it', async () => {
    const { loader, stages, of, loaded } = setUp();
    const spoken = loader.load(voice);
    await loaded(...voice, 'tts');
    await spoken;
    expect(of('turn')?.state).toBe('loading');
    expect(loader.status().ready).toBe(false);
    stages.turn.loads[0]?.succeed();
    await settle();
    expect(loader.status().ready).toBe(true);
  });

  it('goes on without the stages that it can spare, and is ready then', async () => {
    const { loader, stages, loaded, errors } = setUp();
    const spoken = loader.load(voice);
    await settle();
    stages.tts.loads[0]?.fail(missing);
    stages.turn.loads[0]?.fail(missing);
    await loaded(...voice);
    await spoken;
    expect(errors).toEqual([
      ['tts', 'model.missing'],
      ['turn', 'model.missing'],
    ]);
    expect(loader.status().ready).toBe(true);
  });

  it('fails with a stage, and nothing of that stays after a retry', async () => {
    const { loader, stages, of, loaded } = setUp();
    const first = loader.load(['llm']);
    await settle();
    stages.llm.loads[0]?.progress({ file: 'model.onnx', loadedBytes: 5, totalBytes: 10 });
    stages.llm.loads[0]?.fail(missing);
    await expect(first).rejects.toMatchObject({ code: 'model.missing' });
    expect(of('llm')).toMatchObject({ state: 'failed', error: missing.message });
    const second = loader.load(['llm']);
    await loaded('llm');
    await second;
    expect(of('llm')).toEqual({
      stage: 'llm',
      info: stages.llm.info,
      state: 'ready',
      loadedBytes: 100,
      totalBytes: 100,
    });
  });
});

describe('giving up loading', () => {
  it('ends the loads that nobody else waits for, and the next attempt begins anew', async () => {
    const { loader, stages, of, loaded } = setUp();
    const talk = new AbortController();
    const spoken = loader.load(voice, talk.signal);
    const typed = loader.load(['llm']);
    await settle();
    talk.abort();
    await expect(spoken).rejects.toMatchObject({ code: 'aborted' });
    expect(stages.stt.loads[0]?.signal.aborted).toBe(true);
    expect(stages.llm.loads[0]?.signal.aborted).toBe(false);
    expect(of('stt')).toMatchObject({ state: 'waiting', loadedBytes: 0 });
    await loaded('llm');
    await typed;

    const again = loader.load(voice);
    await settle();
    stages.stt.loads[0]?.fail(new AppError('aborted', 'The work was cancelled.'));
    await loaded('vad', 'stt');
    await again;
    expect(stages.stt.loads).toHaveLength(2);
    expect(of('stt')?.state).toBe('ready');
  });
});

describe('another device', () => {
  it('chosen while the model loads: whoever waits gets the new stage', async () => {
    const { loader, stages, of, loaded, errors } = setUp();
    const typed = loader.load(['llm']);
    await settle();
    const other = scriptedStage('llm on another device');
    loader.set('llm', other);
    stages.llm.loads[0]?.fail(died);
    await settle();
    expect(of('llm')).toMatchObject({ state: 'loading', info: other.info });
    stages.llm.loads[0]?.progress({ file: 'stale', loadedBytes: 5, totalBytes: 10 });
    expect(of('llm')).not.toHaveProperty('file');
    other.loads[0]?.succeed();
    await loaded('tts');
    await typed;
    expect(other.loads).toHaveLength(1);
    expect(of('llm')?.state).toBe('ready');
    expect(errors).toEqual([]);
  });

  it('chosen in mid-conversation: the new stage is loaded at once, and all is ready again', async () => {
    const { loader, of, loaded } = setUp();
    const spoken = loader.load(voice);
    await loaded(...stageNames);
    await spoken;
    const other = scriptedStage('stt on another device');
    loader.set('stt', other);
    await settle();
    expect(of('stt')?.state).toBe('loading');
    expect(loader.status().ready).toBe(false);
    other.loads[0]?.succeed();
    await settle();
    expect(loader.status().ready).toBe(true);
  });

  it('chosen before anything is loaded: nothing is fetched', async () => {
    const { loader } = setUp();
    const other = scriptedStage('llm on another device');
    loader.set('llm', other);
    await settle();
    expect(other.loads).toHaveLength(0);
  });

  it('may take over while a stage is loaded, with another name and size', async () => {
    const { loader, stages, of } = setUp();
    void loader.load(['llm']).catch(() => {});
    await settle();
    const { info } = scriptedStage('a smaller model');
    loader.describe('llm', info, 250);
    expect(of('llm')).toMatchObject({ state: 'loading', info, totalBytes: 250 });
    expect(stages.llm.loads).toHaveLength(1);
  });
});

describe('a thread that dies', () => {
  it('is loaded again, and marked failed where that fails too', async () => {
    const { loader, stages, of, loaded, errors } = setUp();
    const typed = loader.load(['llm']);
    await loaded('llm', 'tts');
    await typed;
    loader.reload('llm');
    await loaded('llm');
    expect(of('llm')?.state).toBe('ready');
    loader.reload('llm');
    await settle();
    // It dies while it loads: once is enough.
    loader.reload('llm');
    stages.llm.loads[2]?.fail(died);
    await settle();
    expect(stages.llm.loads).toHaveLength(3);
    expect(of('llm')?.state).toBe('failed');
    expect(errors).toEqual([['llm', 'worker.died']]);
  });
});
