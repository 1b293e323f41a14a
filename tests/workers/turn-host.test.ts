import { afterAll, describe, expect, it } from 'vitest';
import { remoteTurnDetector } from '../../boundary/remote-stages.ts';
import { readStream } from '../../boundary/stream-reader.ts';
import { takePort } from '../../boundary/stream-server.ts';
import { createWorkerBridge } from '../../boundary/worker-bridge.ts';
import { createTurnHost, type TurnConfig, type TurnHost } from '../../workers/turn-host.ts';
import { collect, never } from '../support/stage-contract.ts';
import { closeAllThreads, createFakeThread } from '../support/threads.ts';
import { writeTinyTurnModels } from '../support/tiny-turn-models.ts';
import { describeTurnDetector, pauseOf, steady } from '../support/turn-detector-contract.ts';

const { audio, text, remove } = await writeTinyTurnModels();
afterAll(async () => {
  await closeAllThreads();
  await remove();
});

const create = (config: TurnConfig = { audio, text }) =>
  remoteTurnDetector(
    createWorkerBridge<TurnHost, TurnConfig>({
      name: 'Turn-taking',
      spawn: () => createFakeThread(createTurnHost()),
      config,
    }),
  );

describeTurnDetector('The turn detector of a worker', create, { audio: true, words: true });

describe('The turn detector of a worker', () => {
  it('reads audio that comes from another thread', async () => {
    const pause = pauseOf(steady(1), 'done');
    const received = readStream<{ samples: Float32Array; rateHz: number }>(takePort(pause.audio));
    const probabilities = await collect(create().judge({ ...pause, audio: received }, never));
    expect(probabilities).toHaveLength(2);
  });

  it('knows the language of the pause', async () => {
    const judge = async (language: string) =>
      (await collect(create().judge({ ...pauseOf(undefined, 'done und'), language }, never)))[0]!;
    expect(await judge('de')).toBeLessThanOrEqual(0.1);
    expect(await judge('en')).toBeGreaterThan(0.5);
  });

  it('says which file is missing when it is loaded', async () => {
    const detector = create({ audio: { ...audio, modelId: 'tiny/nothing' }, text });
    await expect(detector.load(() => {}, never)).rejects.toMatchObject({ code: 'model.missing' });
  });
});
