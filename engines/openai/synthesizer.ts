import { decodePcm16 } from '../../core/audio/wav.ts';
import { AppError, throwIfAborted } from '../../core/errors.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { Synthesizer } from '../../core/stages/stage.ts';
import { createUpstream } from './upstream.ts';
import type { OpenAiConfig } from './upstream.ts';

const WAV_HEADER_BYTES = 44;

export interface OpenAiVoiceConfig extends OpenAiConfig {
  /** Asked for instead of the person's choice, whose voices another server does not know. */
  voice?: string | undefined;
}

/** A voice on another server: raw samples, as they come. */
export function createOpenAiSynthesizer(config: OpenAiVoiceConfig): Synthesizer {
  const upstream = createUpstream(config);
  return {
    describe: () => Promise.resolve(upstream.describe()),
    load: (_onProgress, signal) => upstream.check(signal),
    dispose: () => Promise.resolve(),
    async *speak(text, { id, speed }, signal) {
      throwIfAborted(signal);
      if (!/[\p{L}\p{N}]/u.test(text)) return;
      const { contentType, pieces } = await upstream.post(
        '/audio/speech',
        {
          model: config.model,
          input: text,
          voice: config.voice ?? id,
          response_format: 'pcm',
          stream_format: 'audio',
          // Voices that know one speed only refuse any other, also their own.
          ...(Number.isFinite(speed) && speed !== 1 && { speed }),
        },
        signal,
      );
      if (/json|text/.test(contentType)) {
        throw new AppError('engine.failed', 'The other server answered with something that is no sound.');
      }
      const stated = /rate=(\d+)/.exec(contentType)?.[1];
      yield* readSound(pieces, Number(stated ?? WIRE_RATE_HZ), signal);
    },
  };
}

/** Samples of whatever pieces the bytes come in; a server that writes a WAV header is believed. */
async function* readSound(pieces: AsyncIterable<Uint8Array>, rawRateHz: number, signal: AbortSignal) {
  let rest: Uint8Array = new Uint8Array(0);
  let rateHz = rawRateHz;
  let begun = false;
  for await (const piece of pieces) {
    throwIfAborted(signal);
    let bytes = joined(rest, piece);
    if (!begun) {
      const riff = String.fromCharCode(...bytes.subarray(0, 4));
      if ('RIFF'.startsWith(riff) && bytes.length < WAV_HEADER_BYTES) {
        rest = bytes;
        continue;
      }
      if (riff === 'RIFF') {
        rateHz = new DataView(bytes.buffer, bytes.byteOffset).getUint32(24, true);
        bytes = bytes.subarray(WAV_HEADER_BYTES);
      }
      begun = true;
    }
    const whole = bytes.length - (bytes.length % 2);
    rest = bytes.slice(whole);
    if (whole > 0) yield { samples: decodePcm16(bytes.subarray(0, whole)), rateHz };
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
