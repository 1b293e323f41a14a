import { describe, expect, it } from 'vitest';
import { createChannel } from '../../../core/channel.ts';
import { createSounds } from '../../../core/session/sounds.ts';
import type { ChatMessage, UtterancePart } from '../../../core/stages/stage.ts';
import { collect, never } from '../../support/stage-contract.ts';

const part = (...samples: number[]): UtterancePart => ({
  type: 'audio',
  pcm: { samples: Float32Array.from(samples), rateHz: 16_000 },
});
const pause: UtterancePart = { type: 'pause' };

async function* streamOf(...parts: UtterancePart[]): AsyncGenerator<UtterancePart> {
  yield* parts;
}

const asked: ChatMessage[] = [{ role: 'user', content: '' }];
const soundOf = (...utterances: [utterance: number, pauses: number][]) => ({
  message: 0,
  utterances: utterances.map(([utterance, pauses]) => ({ utterance, pauses })),
});

function samplesOf(messages: readonly ChatMessage[]): number[] | undefined {
  const [message] = messages;
  return message?.role === 'user' && message.audio ? [...message.audio.samples] : undefined;
}

describe('The sound of a turn', () => {
  it('is kept while somebody else reads it, whatever becomes of the samples there', async () => {
    const sounds = createSounds();
    for await (const read of sounds.keep(1, streamOf(part(1, 2), part(3), pause, part(4)))) {
      if (read.type === 'audio') read.pcm.samples.fill(0);
    }
    expect(samplesOf(await sounds.put(asked, soundOf([1, 1]), never))).toEqual([1, 2, 3]);
    expect(samplesOf(await sounds.put(asked, soundOf([1, 2]), never))).toEqual([1, 2, 3, 4]);
  });

  it('is that of all its utterances, in order', async () => {
    const sounds = createSounds();
    await collect(sounds.keep(1, streamOf(part(1), pause)));
    await collect(sounds.keep(2, streamOf(part(2), pause, part(3))));
    expect(samplesOf(await sounds.put(asked, soundOf([1, 1], [2, 1]), never))).toEqual([1, 2]);
  });

  it('is waited for up to its pause', async () => {
    const sounds = createSounds();
    const source = createChannel<UtterancePart>();
    const reading = collect(sounds.keep(1, source));
    const put = sounds.put(asked, soundOf([1, 1]), never);
    source.push(part(1));
    source.push(pause);
    expect(samplesOf(await put)).toEqual([1]);
    source.close();
    await reading;
  });

  it('is what was read of it where the reader leaves, and lets go of its source', async () => {
    const sounds = createSounds();
    let left = false;
    const source = createChannel<UtterancePart>(() => (left = true));
    source.push(part(1));
    source.push(part(2));
    for await (const _ of sounds.keep(1, source)) break;
    expect(left).toBe(true);
    expect(samplesOf(await sounds.put(asked, soundOf([1, 3]), never))).toEqual([1]);
  });

  it('is not waited for any more when the signal fires', async () => {
    const sounds = createSounds();
    sounds.keep(1, createChannel<UtterancePart>());
    const controller = new AbortController();
    const put = sounds.put(asked, soundOf([1, 1]), controller.signal);
    controller.abort();
    await expect(put).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is replaced by the words where it is gone, and missed in words where there are none', async () => {
    const sounds = createSounds();
    await collect(sounds.keep(1, streamOf(part(1), pause)));
    await collect(sounds.keep(2, streamOf(part(2), pause)));
    await sounds.put(asked, soundOf([2, 1]), never);
    const words: ChatMessage[] = [{ role: 'user', content: 'hello' }];
    expect(await sounds.put(words, soundOf([1, 1]), never)).toEqual(words);
    await expect(sounds.put(asked, soundOf([1, 1]), never)).rejects.toMatchObject({ code: 'engine.failed' });
  });

  it('is forgotten after many others that nobody answered', async () => {
    const sounds = createSounds();
    for (let utterance = 1; utterance <= 40; utterance++)
      await collect(sounds.keep(utterance, streamOf(part(utterance), pause)));
    await expect(sounds.put(asked, soundOf([20, 1]), never)).rejects.toMatchObject({ code: 'engine.failed' });
    expect(samplesOf(await sounds.put(asked, soundOf([40, 1]), never))).toEqual([40]);
  });
});
