import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  createLocalEspeak,
  createLocalKokoro,
  createLocalRecognizer,
  createLocalResponder,
  createLocalTurnDetector,
  createLocalVad,
} from '../../server/engines/local-engines.ts';
import type { LocalEngine } from '../../server/engines/local-engines.ts';
import { backOffMs, createSupervisedBridge } from '../../server/engines/supervisor.ts';
import { concatSamples, FRAME_SAMPLES } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { ReplyPart, UtterancePart } from '../../core/stages/stage.ts';
import { writeMicroKokoro } from '../support/micro-kokoro.ts';
import { microMoonshine } from '../support/micro/moonshine.ts';
import { microParakeet } from '../support/micro/parakeet.ts';
import { tones } from '../support/micro/tones.ts';
import { writeModel } from '../support/micro/write.ts';
import type { StubbornHost } from '../support/stubborn-host.ts';
import { fixture } from '../support/speech-fixtures.ts';
import { wordAgreement } from '../support/spoken-form.ts';
import { collect, never } from '../support/stage-contract.ts';
import { modelsFolder } from '../support/starter-engines.ts';

const engines: LocalEngine<unknown>[] = [];
function keep<S>(engine: LocalEngine<S>): LocalEngine<S> {
  engines.push(engine);
  return engine;
}
afterAll(() => engines.forEach(({ terminate }) => terminate()));

async function* spokenFrames({ samples, rateHz }: Pcm): AsyncGenerator<UtterancePart> {
  for (let at = 0; at < samples.length; at += 1600)
    yield { type: 'audio', pcm: { samples: samples.slice(at, at + 1600), rateHz } };
}

describe('engines in processes of their own', () => {
  const recognizer = keep(
    createLocalRecognizer({ engine: 'whisper', model: 'starter/recogniser', dtype: 'q8' }, modelsFolder),
  );
  const responder = keep(
    createLocalResponder({ engine: 'causal-lm', model: 'starter/chat', dtype: 'q8' }, modelsFolder),
  );
  const synthesizer = keep(createLocalEspeak());
  const request = { messages: [{ role: 'user', content: 'Hello.' }], tools: [], maxTokens: 40 } as const;

  it('[SRV-2] are not started before they are needed', () => {
    expect(recognizer.status()).toEqual({
      name: 'Speech recognition',
      state: 'idle',
      pid: undefined,
      deaths: 0,
    });
  });

  it('[SRV-2] understand recorded speech', async () => {
    const { pcm, text } = fixture('timer-set');
    const transcripts = await collect(
      recognizer.stage.transcribe(spokenFrames(pcm), { language: 'en' }, never),
    );
    expect(wordAgreement(text, transcripts.at(-1)?.text ?? '')).toBe(1);
    expect(recognizer.status()).toMatchObject({ state: 'running', pid: expect.any(Number) });
    expect(recognizer.status().pid).not.toBe(process.pid);
  });

  it('[SRV-2] answer, and take no notice of an answer that nobody reads to its end', async () => {
    for await (const _part of responder.stage.reply(request, never)) break;
    const parts = await collect(responder.stage.reply(request, never));
    expect(textOf(parts)).not.toBe('');
  });

  it('[SRV-2] speak', async () => {
    const chunks = await collect(synthesizer.stage.speak('Good morning.', { id: 'en-us', speed: 1 }, never));
    expect(concatSamples(chunks.map(({ samples }) => samples)).length).toBeGreaterThan(10_000);
    expect(chunks[0]?.rateHz).toBe(22_050);
  });

  it('[SRV-2] tell speech from silence, for two listeners at once', async () => {
    const { stage: score } = keep(createLocalVad());
    const [speech, silence] = await Promise.all([
      collect(score(framesOf(fixture('timer-set').pcm.samples), never)),
      collect(score(framesOf(new Float32Array(16_000)), never)),
    ]);
    expect(Math.max(...speech)).toBeGreaterThan(0.9);
    expect(Math.max(...silence)).toBeLessThan(0.3);
  });

  it('[SRV-2] judge whether somebody has finished', async () => {
    const { stage } = keep(createLocalTurnDetector(modelsFolder));
    const audio = (async function* () {
      yield fixture('timer-set').pcm;
    })();
    const words = (async function* () {
      yield 'Set a timer for ten minutes.';
    })();
    const probabilities = await collect(stage.judge({ audio, words, language: 'en' }, never));
    expect(probabilities.at(-1)).toBeGreaterThan(0.5);
  });

  it('[SRV-2] stop when the caller gives up', async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _part of responder.stage.reply(request, controller.signal)) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('[SRV-3] fail the calls in flight when their process is killed, and the next call works', async () => {
    const { pid } = responder.status();
    const parts: ReplyPart[] = [];
    const reading = (async () => {
      for await (const part of responder.stage.reply(request, never)) {
        parts.push(part);
        process.kill(pid!, 'SIGKILL');
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'worker.died', retryable: true });
    expect(responder.status()).toMatchObject({ state: 'waiting', deaths: 1 });
    expect(textOf(await collect(responder.stage.reply(request, never)))).not.toBe('');
    expect(responder.status().pid).not.toBe(pid);
  });

  it('[SRV-3] report a missing model by name, and leave the server alone', async () => {
    const missing = keep(
      createLocalResponder({ engine: 'causal-lm', model: 'starter/none', dtype: 'q8' }, modelsFolder),
    );
    await expect(collect(missing.stage.reply(request, never))).rejects.toThrow('starter/none');
  });
});

describe('a process', () => {
  const stubborn = (config: 'fine' | 'dies' | 'hangs', hangMs = 60_000) =>
    createSupervisedBridge<StubbornHost>({
      name: 'The test',
      host: new URL('../support/stubborn-host.ts', import.meta.url),
      config,
      hangMs,
      probeEveryMs: 50,
    });
  let bridge: ReturnType<typeof stubborn>;
  afterEach(() => bridge.terminate());

  it('[SRV-3] that hangs is killed, and what waits for it fails', async () => {
    bridge = stubborn('hangs', 300);
    await expect(bridge.call('work')).rejects.toMatchObject({ code: 'worker.died' });
    expect(bridge.status()).toMatchObject({ state: 'waiting', deaths: 1 });
  });

  it('[SRV-3] that dies at each start is started again later and later', async () => {
    bridge = stubborn('dies');
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(bridge.call('work')).rejects.toMatchObject({ code: 'worker.died' });
    expect(bridge.status().deaths).toBe(3);
    const waits = Array.from({ length: 10 }, (_, deaths) => backOffMs(deaths));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBe(0);
    expect(waits[9]).toBe(5000);
  });

  it('[SRV-3] that was ended leaves nothing behind', async () => {
    bridge = stubborn('fine');
    expect(await bridge.call('work')).toBe('done');
    const { pid } = bridge.status();
    bridge.terminate();
    expect(bridge.status().state).toBe('idle');
    await expect.poll(() => isAlive(pid!)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function textOf(parts: readonly ReplyPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

async function* framesOf(samples: Float32Array): AsyncGenerator<Float32Array> {
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    await delay(0);
    yield samples.slice(at, at + FRAME_SAMPLES);
  }
}

describe('the other engines of the page', () => {
  it.each([
    ['moonshine', microMoonshine(), tones('high'), 'high tone'],
    ['ctc', microParakeet(), tones('low', 'high', 'high', 'low'), 'low high high low'],
  ] as const)('[SRV-2] recognise here as well: %s', async (engine, files, pcm, words) => {
    const { config, remove } = await writeModel(engine, files);
    const { stage, terminate } = createLocalRecognizer(
      { engine, model: config.modelId, dtype: 'fp32' },
      config.modelsUrl,
    );
    const transcripts = await collect(stage.transcribe(spokenFrames(pcm), {}, never));
    expect(transcripts.at(-1)?.text).toBe(words);
    terminate();
    await remove();
  });

  it('[SRV-2] speak here as well: Kokoro', async () => {
    const { config, remove } = await writeMicroKokoro();
    const { stage, terminate } = createLocalKokoro(
      { engine: 'kokoro', model: config.modelId, dtype: 'fp32' },
      config.modelsUrl,
    );
    const chunks = await collect(stage.speak('Good morning.', { id: 'af_heart', speed: 1 }, never));
    expect(chunks[0]?.rateHz).toBe(24_000);
    terminate();
    await remove();
  });
});
