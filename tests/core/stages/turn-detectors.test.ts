import { describe, expect, it } from 'vitest';
import type { Pcm } from '../../../core/audio/pcm.ts';
import { createChannel, type Channel } from '../../../core/channel.ts';
import { AppError } from '../../../core/errors.ts';
import { combineDetectors } from '../../../core/stages/combine-detectors.ts';
import { createRuleTurnDetector } from '../../../core/stages/rule-detector.ts';
import type { LoadProgress } from '../../../core/stages/stage.ts';
import type { Pause, TurnDetector } from '../../../core/stages/turn-detector.ts';
import { collect, never } from '../../support/stage-contract.ts';
import { describeTurnDetector, pauseOf, steady } from '../../support/turn-detector-contract.ts';

const failure = new AppError('engine.failed', 'It broke.');

/** A detector whose probabilities the test writes, and which keeps the pauses that it was given. */
function scripted(
  model: string,
): TurnDetector & { judged: Channel<number>; pauses: Pause[]; signal?: AbortSignal } {
  const detector: ReturnType<typeof scripted> = {
    judged: createChannel<number>(),
    pauses: [],
    describe: async () => ({ model, id: `scripted/${model}`, runtime: 'scripted', device: 'cpu' }),
    async load(onProgress) {
      onProgress({ file: model, loadedBytes: 5, totalBytes: 10 });
      onProgress({ file: model, loadedBytes: 10, totalBytes: 10 });
    },
    dispose: async () => {},
    judge(pause, signal) {
      detector.pauses.push(pause);
      detector.signal = signal;
      return detector.judged;
    },
  };
  return detector;
}

function setUp() {
  const audio = scripted('audio');
  const text = scripted('text');
  const both = combineDetectors(audio, text);
  const probabilities = both.judge(pauseOf(steady(1), 'hello'), never)[Symbol.asyncIterator]();
  const next = async (): Promise<number> => {
    const { value, done } = await probabilities.next();
    if (done === true) throw new Error('nothing more');
    return value;
  };
  return { audio, text, both, probabilities, next };
}

describeTurnDetector('The rules', createRuleTurnDetector, { audio: false, words: true });
describeTurnDetector(
  'Two detectors by rules',
  () => combineDetectors(createRuleTurnDetector(), createRuleTurnDetector()),
  { audio: false, words: true },
);

describe('the rules', () => {
  it('are sure where words are, in the language of the pause, and undecided elsewhere', async () => {
    const judge = (words: string, language?: string) =>
      collect(
        createRuleTurnDetector().judge(
          { ...pauseOf(undefined, words), ...(language && { language }) },
          never,
        ),
      );
    expect(await judge('turn on the')).toEqual([0.1]);
    expect(await judge('stop')).toEqual([0.9]);
    expect(await judge('tell me a joke')).toEqual([0.5]);
    expect(await judge('mach das Licht an und', 'de')).toEqual([0.1]);
    expect(await judge('mach das Licht an und')).toEqual([0.5]);
  });
});

describe('a detector by sound and one by words, combined', () => {
  it('says what is known first, and both together once both are known', async () => {
    const { audio, text, next } = setUp();
    const first = next();
    text.judged.push(0.3);
    expect(await first).toBe(0.3);
    audio.judged.push(0.9);
    const together = await next();
    expect(together).toBeGreaterThan(0.3);
    text.judged.push(0.95);
    expect(await next()).toBeGreaterThan(together);
  });

  it('stays a probability with two that are certain, and with two that contradict each other', async () => {
    const { audio, text, next } = setUp();
    const first = next();
    audio.judged.push(1);
    await first;
    text.judged.push(1);
    const certain = await next();
    expect(certain).toBeGreaterThan(0.99);
    expect(certain).toBeLessThanOrEqual(1);
    audio.judged.push(0);
    expect(Number.isFinite(await next())).toBe(true);
  });

  it('gives the audio to the one and the words to the other', async () => {
    const { audio, text, next } = setUp();
    const first = next();
    audio.judged.push(0.5);
    await first;
    expect(await collect<Pcm>(audio.pauses[0]!.audio)).toHaveLength(1);
    expect(await collect(audio.pauses[0]!.words)).toEqual([]);
    expect(await collect<Pcm>(text.pauses[0]!.audio)).toEqual([]);
    expect(await collect(text.pauses[0]!.words)).toEqual(['hello']);
  });

  it('ends when neither can learn more', async () => {
    const { audio, text, probabilities } = setUp();
    const first = probabilities.next();
    audio.judged.close();
    text.judged.push(0.7);
    text.judged.close();
    expect(await first).toEqual({ done: false, value: 0.7 });
    expect((await probabilities.next()).done).toBe(true);
  });

  it('leaves the decision to the other when one fails, and forgets what the failed one said', async () => {
    const { audio, text, next, probabilities } = setUp();
    const first = next();
    audio.judged.push(0.9);
    await first;
    text.judged.push(0.2);
    await next();
    audio.judged.close(failure);
    expect(await next()).toBe(0.2);
    text.judged.push(0.4);
    expect(await next()).toBe(0.4);
    text.judged.close();
    expect((await probabilities.next()).done).toBe(true);
  });

  it('fails when both fail', async () => {
    const { audio, text, next } = setUp();
    const first = next();
    audio.judged.close(failure);
    text.judged.close(new AppError('gpu.lost', 'Another.'));
    await expect(first).rejects.toBe(failure);
  });

  it('gives both up when its listener leaves', async () => {
    const { audio, text, probabilities, next } = setUp();
    const first = next();
    audio.judged.push(0.5);
    await first;
    await probabilities.return?.();
    expect(audio.signal?.aborted).toBe(true);
    expect(text.signal?.aborted).toBe(true);
  });

  it('loads as one, the bytes of both together, and names both', async () => {
    const { both } = setUp();
    const steps: LoadProgress[] = [];
    await both.load((step) => steps.push(step), never);
    expect(steps.map(({ file, loadedBytes }) => `${file} ${loadedBytes}`)).toEqual([
      'audio 5',
      'audio 10',
      'text 15',
      'text 20',
    ]);
    expect((await both.describe()).model).toBe('audio and text');
  });
});
