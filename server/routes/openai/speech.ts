import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { encodePcm16, wavHeader } from '../../../core/audio/wav.ts';
import { speechRequest, WIRE_RATE_HZ } from '../../../core/protocol/speech.ts';
import type { SpeechRequest } from '../../../core/protocol/speech.ts';
import { speakText } from '../../audio/speak.ts';
import { beginStream } from '../../http/begin-stream.ts';
import { callSignal } from '../../http/call-signal.ts';
import { sendEvents } from '../../http/server-events.ts';
import { assertModel } from './deps.ts';
import type { OpenAiDeps } from './deps.ts';

/** POST /v1/audio/speech: 16-bit mono at 24 kHz, sent while it is made. */
export function speechRoute(app: FastifyInstance, { engines, limits }: OpenAiDeps): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      '/audio/speech',
      { schema: { body: speechRequest(limits.speechCharacters) } },
      async (request, reply) => {
        const { body } = request;
        assertModel(body.model, engines.models.tts);
        const voice = { id: typeof body.voice === 'string' ? body.voice : body.voice.id, speed: body.speed };
        const { synthesizer } = engines.for(request.owner);
        const sound = speakText(synthesizer, body.input, voice, WIRE_RATE_HZ, callSignal(reply));
        const bytes = bytesOf(sound, body.response_format);
        if (body.stream_format === 'sse') return sendEvents(reply, eventsOf(bytes));
        const begun = await beginStream(bytes);
        reply.type(body.response_format === 'wav' ? 'audio/wav' : `audio/pcm;rate=${WIRE_RATE_HZ}`);
        return reply.send(Readable.from(begun, { objectMode: false }));
      },
    );
}

async function* bytesOf(
  sound: AsyncIterable<Float32Array>,
  format: SpeechRequest['response_format'],
): AsyncGenerator<Buffer> {
  // Asked for first, so that a voice that fails is told by the status of the answer.
  const begun = await beginStream(sound);
  if (format === 'wav') yield Buffer.from(wavHeader(WIRE_RATE_HZ));
  for await (const samples of begun) if (samples.length > 0) yield Buffer.from(encodePcm16(samples).buffer);
}

async function* eventsOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<object> {
  for await (const chunk of bytes) yield { type: 'speech.audio.delta', audio: chunk.toString('base64') };
  yield { type: 'speech.audio.done' };
}
