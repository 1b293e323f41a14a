import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, SPEECH_RATE_HZ, type Pcm } from '../../core/audio/pcm.ts';
import type { Recognizer, Transcript, UtterancePart } from '../../core/stages/stage.ts';
import { aborted, collect, describeLifeCycle, never } from './stage-contract.ts';

export interface SpokenExample {
  pcm: Pcm;
  /** What is said in it, in lower case without punctuation. */
  words: string;
}

/** Audio in frames, as it comes from the microphone, with a pause mark where asked. */
export async function* utterance(
  pcm: Pcm,
  pauses: { atSample?: number; atEnd?: boolean } = {},
): AsyncGenerator<UtterancePart> {
  for (let start = 0; start < pcm.samples.length; start += FRAME_SAMPLES) {
    const samples = pcm.samples.slice(start, start + FRAME_SAMPLES);
    yield { type: 'audio', pcm: { samples, rateHz: pcm.rateHz } };
    if (pauses.atSample !== undefined && start <= pauses.atSample && start + FRAME_SAMPLES > pauses.atSample)
      yield { type: 'pause' };
  }
  if (pauses.atEnd) yield { type: 'pause' };
}

export function silence(seconds: number): Pcm {
  return { samples: new Float32Array(seconds * SPEECH_RATE_HZ), rateHz: SPEECH_RATE_HZ };
}

export function plainWords(text: string): string {
  return text.toLowerCase().replace(/[^a-z' ]/g, '');
}

/** What every recogniser promises; see `Recognizer` in core/stages/stage.ts. */
export function describeRecognizer(
  name: string,
  create: () => Recognizer,
  example: () => Promise<SpokenExample>,
): void {
  describeLifeCycle(name, create);

  describe(`${name}: recognising`, () => {
    const recognizer = create();
    let spoken: SpokenExample;

    beforeAll(async () => {
      await recognizer.load(() => {}, never);
      spoken = await example();
    });
    afterAll(() => recognizer.dispose());

    const recognise = (
      audio: AsyncIterable<UtterancePart>,
      signal: AbortSignal = never,
    ): Promise<Transcript[]> => collect(recognizer.transcribe(audio, { language: 'en' }, signal));

    async function expectItStillWorks(): Promise<void> {
      const transcripts = await recognise(utterance(spoken.pcm));
      expect(plainWords(transcripts.at(-1)!.text)).toBe(spoken.words);
    }

    it('ends with one settled transcript of all that was said', async () => {
      const transcripts = await recognise(utterance(spoken.pcm));
      expect(transcripts.filter((transcript) => transcript.settled)).toHaveLength(1);
      expect(transcripts.at(-1)!.settled).toBe(true);
      expect(plainWords(transcripts.at(-1)!.text)).toBe(spoken.words);
    });

    it('settles once for a pause mark at the end', async () => {
      const transcripts = await recognise(utterance(spoken.pcm, { atEnd: true }));
      expect(transcripts.filter((transcript) => transcript.settled)).toHaveLength(1);
      expect(plainWords(transcripts.at(-1)!.text)).toBe(spoken.words);
    });

    it('settles at a pause and again at the end, each time the whole utterance', async () => {
      const atSample = spoken.pcm.samples.length >> 1;
      const transcripts = await recognise(utterance(spoken.pcm, { atSample }));
      expect(transcripts.filter((transcript) => transcript.settled)).toHaveLength(2);
      expect(plainWords(transcripts.at(-1)!.text)).toBe(spoken.words);
    });

    it('says nothing of a stream without audio', async () => {
      expect(await recognise(utterance(silence(0)))).toEqual([]);
    });

    it('gives no words for silence', async () => {
      const transcripts = await recognise(utterance(silence(3), { atEnd: true }));
      expect(transcripts).toMatchObject([{ text: '', settled: true }]);
    });

    it('rejects samples that are not numbers', async () => {
      const samples = new Float32Array(FRAME_SAMPLES).fill(Number.NaN);
      const audio = utterance({ samples, rateHz: SPEECH_RATE_HZ });
      await expect(recognise(audio)).rejects.toMatchObject({ code: 'audio.invalid' });
      await expectItStillWorks();
    });

    it('rejects one hour of audio', async () => {
      async function* hour(): AsyncGenerator<UtterancePart> {
        for (let minute = 0; minute < 60; minute++) yield { type: 'audio', pcm: silence(60) };
      }
      await expect(recognise(hour())).rejects.toMatchObject({ code: 'audio.invalid' });
      await expectItStillWorks();
    });

    it('rejects with `aborted` when the signal has fired', async () => {
      await expect(recognise(utterance(spoken.pcm), aborted())).rejects.toMatchObject({ code: 'aborted' });
    });

    it('stops while it waits for audio, tells the source, and works again', async () => {
      const controller = new AbortController();
      let released = (): void => {};
      const returned = new Promise<void>((resolve) => (released = resolve));
      const endless: AsyncIterable<UtterancePart> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => controller.abort()),
          return: async () => {
            released();
            return { done: true, value: undefined };
          },
        }),
      };
      await expect(recognise(endless, controller.signal)).rejects.toMatchObject({ code: 'aborted' });
      await returned;
      await expectItStillWorks();
    });

    it('is free again when the listener leaves in the middle', async () => {
      for await (const _ of recognizer.transcribe(utterance(spoken.pcm), {}, never)) break;
      await expectItStillWorks();
    });

    it('rejects with `engine.failed` before it is loaded', async () => {
      const stream = create().transcribe(utterance(silence(1)), {}, never);
      await expect(collect(stream)).rejects.toMatchObject({ code: 'engine.failed' });
    });
  });
}
