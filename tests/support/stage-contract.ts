import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durationMs, rms } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { LoadProgress, Stage, Synthesizer } from '../../core/stages/stage.ts';

/** Models are loaded from disk on machines that do other things as well. */
const LOAD_TIMEOUT_MS = 60_000;

/** A signal that never fires. */
export const never: AbortSignal = new AbortController().signal;

export function aborted(): AbortSignal {
  const controller = new AbortController();
  controller.abort();
  return controller.signal;
}

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** What every stage promises about its life: see `Stage` in core/stages/stage.ts. */
export function describeLifeCycle(name: string, create: () => Stage): void {
  describe(`${name}: life cycle`, { timeout: LOAD_TIMEOUT_MS }, () => {
    it('says what it is before it is loaded', async () => {
      const info = await create().describe();
      expect(info.model).not.toBe('');
      expect(info.id).not.toBe('');
      expect(info.runtime).not.toBe('');
    });

    it('reports bytes while it loads and reaches the total', async () => {
      const stage = create();
      const steps: LoadProgress[] = [];
      await stage.load((step) => steps.push(step), never);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) {
        expect(step.file).not.toBe('');
        expect(step.loadedBytes).toBeLessThanOrEqual(step.totalBytes);
      }
      const last = steps.at(-1);
      expect(last?.loadedBytes).toBe(last?.totalBytes);
      await stage.dispose();
    });

    it('loads once when asked twice', async () => {
      const stage = create();
      await Promise.all([stage.load(() => {}, never), stage.load(() => {}, never)]);
      const again: LoadProgress[] = [];
      await stage.load((step) => again.push(step), never);
      expect(again).toEqual([]);
      await stage.dispose();
    });

    it('can be disposed twice and loaded again', async () => {
      const stage = create();
      await stage.dispose();
      await stage.load(() => {}, never);
      await stage.dispose();
      await stage.dispose();
      await stage.load(() => {}, never);
      await stage.dispose();
    });

    it('rejects loading with `aborted` when the signal has fired, and loads afterwards', async () => {
      const stage = create();
      await expect(stage.load(() => {}, aborted())).rejects.toMatchObject({ code: 'aborted' });
      await stage.load(() => {}, never);
      await stage.dispose();
    });
  });
}

/** What every synthesizer promises. `voices` are ids with a sentence each that should take one to six seconds. */
export function describeSynthesizer(
  name: string,
  create: () => Synthesizer,
  voices: Readonly<Record<string, string>>,
): void {
  describeLifeCycle(name, create);

  describe(`${name}: speaking`, { timeout: LOAD_TIMEOUT_MS }, () => {
    const [firstVoice = '', firstSentence = ''] = Object.entries(voices)[0] ?? [];
    const voice = { id: firstVoice, speed: 1 };

    const synthesizer = create();
    beforeAll(() => synthesizer.load(() => {}, never), LOAD_TIMEOUT_MS);
    afterAll(() => synthesizer.dispose());

    it.each(Object.entries(voices))('speaks with the voice %s', async (id, sentence) => {
      const chunks = await collect(synthesizer.speak(sentence, { id, speed: 1 }, never));
      const lengthMs = chunks.reduce((sum, chunk) => sum + durationMs(chunk), 0);
      expect(lengthMs).toBeGreaterThan(1_000);
      expect(lengthMs).toBeLessThan(6_000);
      expect(Math.max(...chunks.map((chunk) => rms(chunk.samples)))).toBeGreaterThan(0.02);
      expect(chunks.every((chunk) => isSound(chunk))).toBe(true);
    });

    it('yields more than one chunk for a sentence', async () => {
      expect((await collect(synthesizer.speak(firstSentence, voice, never))).length).toBeGreaterThan(1);
    });

    it('yields nothing where there is nothing to say', async () => {
      for (const text of ['', '   ', '\n\t', '\0', '…', '—', '🎉'])
        expect(await collect(synthesizer.speak(text, voice, never))).toEqual([]);
    });

    it('speaks faster at a higher speed, and at its own where the speed is no number', async () => {
      const length = async (speed: number): Promise<number> => {
        const chunks = await collect(synthesizer.speak(firstSentence, { id: firstVoice, speed }, never));
        return chunks.reduce((sum, chunk) => sum + chunk.samples.length, 0);
      };
      const own = await length(1);
      expect(await length(1.5)).toBeLessThan(own * 0.8);
      expect(await length(Number.NaN)).toBeCloseTo(own, -3);
    });

    it('rejects with `aborted` when the signal has fired', async () => {
      const speech = collect(synthesizer.speak(firstSentence, voice, aborted()));
      await expect(speech).rejects.toMatchObject({ code: 'aborted' });
    });

    it('stops in the middle when the signal fires, and speaks again afterwards', async () => {
      const controller = new AbortController();
      const heard: Pcm[] = [];
      const listening = (async () => {
        for await (const chunk of synthesizer.speak(firstSentence.repeat(20), voice, controller.signal)) {
          heard.push(chunk);
          controller.abort();
        }
      })();
      await expect(listening).rejects.toMatchObject({ code: 'aborted' });
      expect(heard).toHaveLength(1);
      expect((await collect(synthesizer.speak(firstSentence, voice, never))).length).toBeGreaterThan(0);
    });

    it('rejects with `engine.failed` before it is loaded', async () => {
      const speech = collect(create().speak(firstSentence, voice, never));
      await expect(speech).rejects.toMatchObject({ code: 'engine.failed' });
    });
  });
}

function isSound({ samples, rateHz }: Pcm): boolean {
  return rateHz >= 8_000 && samples.every((sample) => Math.abs(sample) <= 1);
}
