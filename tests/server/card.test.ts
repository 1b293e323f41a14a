import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplyPart } from '../../core/stages/stage.ts';
import { readConfig } from '../../server/config.ts';
import { profiles } from '../../server/config/profiles.ts';
import { parseCardMemory, readCardMemory } from '../../server/engines/card-memory.ts';
import { openCompanion } from '../support/companion.ts';
import type { Companion } from '../support/companion.ts';
import { createEngineRig } from '../support/engine-rig.ts';
import type { EngineRig } from '../support/engine-rig.ts';
import { collect, never } from '../support/stage-contract.ts';

/** Processes come and go at the pace of the machine. */
const patience = { timeout: 60_000 };
const request = { messages: [{ role: 'user', content: 'Hello!' }], tools: [], maxTokens: 40 } as const;
const espeak = { engine: 'espeak', model: 'espeak-ng', dtype: 'q8' } as const;
const apology = { engine: 'apology' } as const;

let rig: EngineRig;
let server: Companion;
const close = async (): Promise<void> => {
  await server.close();
  rig.remove();
};

/** A server on a card whose engines are programs of their own, with the sizes of the profile for 48 GB. */
async function open(memoryMb: number, higgsMb = { declared: 24_000, taken: 24_000 }): Promise<void> {
  rig = createEngineRig(memoryMb);
  const voxtral = rig.engine('voxtral', 9500);
  const mistral = rig.engine('mistral', 14_300);
  const higgs = rig.engine('higgs', higgsMb.taken, { declaredMb: higgsMb.declared });
  server = await openCompanion({
    config: {
      stages: { stt: voxtral.stage, llm: [mistral.stage, apology], tts: [higgs.stage, espeak] },
      processes: { voxtral: voxtral.process, mistral: mistral.process, higgs: higgs.process },
      gpu: { memoryMb, waitMs: 20_000 },
    },
  });
}

const stages = () => server.engines.for('test');
const ask = async (): Promise<string> => textOf(await collect(stages().responder.reply(request, never)));
const textOf = (parts: readonly ReplyPart[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** @returns rate of the sound: 24 kHz from Higgs, 22.05 kHz from eSpeak */
async function speak(): Promise<number | undefined> {
  const chunks = await collect(stages().synthesizer.speak('Good day.', { id: 'en-us', speed: 1 }, never));
  return chunks[0]?.rateHz;
}

async function writeDown(): Promise<string | undefined> {
  const audio = (async function* () {
    yield { type: 'audio' as const, pcm: { samples: new Float32Array(1600), rateHz: 16_000 } };
  })();
  return (await collect(stages().recognizer.transcribe(audio, {}, never))).at(-1)?.text;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/api/v1/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
}

const pidOf = (name: string): number => server.engines.status().find((engine) => engine.name === name)!.pid!;

describe('a card of 48 GB', () => {
  beforeEach(() => open(48_000));
  afterEach(close);

  it('[GPU-2] holds Voxtral, Mistral and Higgs together, each started when it was first needed', async () => {
    expect(server.engines.card()).toMatchObject({ loads: 0, residentMb: 0 });
    expect(await ask()).toBe('This is mistral.');
    expect(await speak()).toBe(24_000);
    expect(await writeDown()).toBe('This is voxtral.');
    expect(rig.notes()).toEqual(['+mistral', '+higgs', '+voxtral']);
    expect(await metric('parley_gpu_resident_bytes')).toBe(47_800e6);
    expect(await metric('parley_gpu_swaps')).toBe(0);
    expect(await metric('parley_model_resident{model="higgs"}')).toBe(1);
  });

  it('[SRV-14] ends its engines when the server ends', async () => {
    await ask();
    const pid = pidOf('mistral');
    await server.close();
    await expect
      .poll(() => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      }, patience)
      .toBe(false);
  });
});

describe('a card of 24 GB', () => {
  afterEach(close);

  it('[GPU-3] has Mistral and Higgs take turns, and says so in its metrics and its status', async () => {
    await open(24_000);
    expect([await ask(), await speak(), await ask()]).toEqual([
      'This is mistral.',
      24_000,
      'This is mistral.',
    ]);
    expect(rig.notes()).toEqual(['+mistral', '-mistral', '+higgs', '-higgs', '+mistral']);
    expect(await metric('parley_gpu_loads')).toBe(3);
    expect(await metric('parley_gpu_swaps')).toBe(2);
    expect(await metric('parley_gpu_resident_bytes')).toBe(14_300e6);
    expect(await metric('parley_gpu_budget_bytes')).toBe(24_000e6);
    expect(await metric('parley_model_resident{model="higgs"}')).toBe(0);
    const { card } = (await (await fetch(`${server.url}/api/v1/capabilities`)).json()) as { card: object };
    expect(card).toMatchObject({ budgetMb: 24_000, residentMb: 14_300, swaps: 2 });
  });

  it('[GPU-4] goes on after the death of an engine', async () => {
    await open(24_000);
    await ask();
    process.kill(pidOf('mistral'), 'SIGKILL');
    await expect.poll(() => server.engines.card().residentMb, patience).toBe(0);
    expect(await ask()).toBe('This is mistral.');
    expect(await metric('parley_engine_deaths{engine="mistral"}')).toBe(1);
  });

  it('[GPU-4] where memory runs out before the sizes say so is made free, and the model starts', async () => {
    await open(24_000, { declared: 9000, taken: 12_000 });
    expect([await ask(), await speak()]).toEqual(['This is mistral.', 24_000]);
    expect(rig.notes()).toEqual(['+mistral', '-mistral', '+higgs']);
    expect(await metric('parley_gpu_load_failures')).toBe(1);
    expect(await metric('parley_stage_rank{stage="tts"}')).toBe(0);
  });

  it('[GPU-4] with a model that does not fit at all has the next engine serve', async () => {
    await open(16_000, { declared: 16_000, taken: 17_000 });
    expect([await ask(), await speak(), await ask()]).toEqual([
      'This is mistral.',
      22_050,
      'This is mistral.',
    ]);
    expect(await metric('parley_gpu_load_failures')).toBe(1);
    expect(await metric('parley_stage_rank{stage="tts"}')).toBe(1);
    expect(await metric('parley_stage_fallbacks{stage="tts"}')).toBe(1);
  });
});

describe('the profile for 48 GB', () => {
  it('[SRV-1] fits on its card, and on 24 GB only one at a time of Mistral and Higgs does', () => {
    const { processes, gpu } = profiles['gpu-48gb'];
    const sizes = Object.values(processes).map(({ vramMb }) => vramMb);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(gpu.memoryMb!);
    expect(processes['mistral']!.vramMb + processes['higgs']!.vramMb).toBeGreaterThan(24_000);
    expect(readConfig({ PARLEY_PROFILE: 'gpu-48gb' }).processes).toEqual(processes);
  });
});

describe('the memory of a card', () => {
  it('[GPU-2] is read as the driver says it', () => {
    expect(parseCardMemory('23034, 512\n')).toEqual({ totalMb: 24_152, usedMb: 536 });
  });

  it.each(['', 'No devices were found', '[N/A], [N/A]', 'x, 1'])('[GPU-2] is unknown for %j', (text) => {
    expect(parseCardMemory(text)).toBeUndefined();
  });

  it('[GPU-2] is unknown where there is no driver', async () => {
    expect(await readCardMemory('/nowhere/nvidia-smi')).toBeUndefined();
  });
});
