import type { Pcm } from '../../core/audio/pcm.ts';
import { createResampler } from '../../core/audio/resampler.ts';
import type { Resampler } from '../../core/audio/resampler.ts';
import type { Synthesizer, Voice } from '../../core/stages/stage.ts';
import { createClauseSplitter } from '../../core/text/clauses.ts';

/** Speaks a text as a reply is spoken: clause by clause, without what is only written. Samples at `rateHz`. */
export async function* speakText(
  synthesizer: Synthesizer,
  text: string,
  voice: Voice,
  rateHz: number,
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  const splitter = createClauseSplitter();
  for (const { speech } of [...splitter.push(text), ...splitter.end()]) {
    if (speech !== '') yield* atRate(synthesizer.speak(speech, voice, signal), rateHz);
  }
}

async function* atRate(chunks: AsyncIterable<Pcm>, rateHz: number): AsyncGenerator<Float32Array> {
  let resampler: Resampler | undefined;
  for await (const { samples, rateHz: from } of chunks) {
    resampler ??= createResampler(from, rateHz);
    yield resampler.push(samples);
  }
  if (resampler !== undefined) yield resampler.flush();
}
