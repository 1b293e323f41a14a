import { z } from 'zod';
import { untilAborted } from '../../core/abortable.ts';
import { assertPcm, concatSamples, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import { resample } from '../../core/audio/resampler.ts';
import { encodePcm16, wavHeader } from '../../core/audio/wav.ts';
import { AppError } from '../../core/errors.ts';
import type { Recognizer } from '../../core/stages/stage.ts';
import { createUpstream } from './upstream.ts';
import type { OpenAiConfig } from './upstream.ts';

/** Longest utterance, as for the recognisers of the page. */
const MAX_SECONDS = 600;

const transcription = z.object({ text: z.string() });

/**
 * A recogniser on another server. It is asked for the whole utterance at each pause and at the end; words before a pause
 * are not known.
 */
export function createOpenAiRecognizer(config: OpenAiConfig): Recognizer {
  const upstream = createUpstream(config);

  async function recognise(
    samples: Float32Array,
    language: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const form = new FormData();
    const wav = [wavHeader(SPEECH_RATE_HZ, samples.length), encodePcm16(samples)];
    form.set('file', new Blob(wav, { type: 'audio/wav' }), 'speech.wav');
    form.set('model', config.model);
    form.set('response_format', 'json');
    form.set('temperature', '0');
    if (language !== undefined) form.set('language', language);
    const { pieces } = await upstream.post('/audio/transcriptions', form, signal);
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of pieces) text += decoder.decode(piece, { stream: true });
    return readText(text + decoder.decode());
  }

  return {
    describe: () => Promise.resolve(upstream.describe()),
    load: (_onProgress, signal) => upstream.check(signal),
    dispose: () => Promise.resolve(),
    async *transcribe(audio, { language }, signal) {
      const heard: Float32Array[] = [];
      let seconds = 0;
      let pending = false;
      for await (const part of untilAborted(audio, signal)) {
        if (part.type === 'audio') {
          assertPcm(part.pcm, MAX_SECONDS);
          seconds += part.pcm.samples.length / part.pcm.rateHz;
          if (seconds > MAX_SECONDS) {
            throw new AppError('audio.invalid', 'The utterance is longer than ten minutes; say it in parts.');
          }
          heard.push(resample(part.pcm, SPEECH_RATE_HZ).samples);
          pending = true;
        } else {
          yield { text: await recognise(concatSamples(heard), language, signal), settled: true };
          pending = false;
        }
      }
      if (pending) yield { text: await recognise(concatSamples(heard), language, signal), settled: true };
    },
  };
}

function readText(json: string): string {
  try {
    return transcription.parse(JSON.parse(json)).text.trim();
  } catch (cause) {
    throw new AppError('engine.failed', 'The other server answered with something that is no transcript.', {
      cause,
    });
  }
}
