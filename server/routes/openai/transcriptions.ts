import type { FastifyInstance, FastifyRequest } from 'fastify';
import { durationMs } from '../../../core/audio/pcm.ts';
import { decodeWav } from '../../../core/audio/wav.ts';
import { AppError } from '../../../core/errors.ts';
import { createTranscriptDeltas } from '../../../core/protocol/transcript-deltas.ts';
import { transcriptionRequest } from '../../../core/protocol/speech.ts';
import type { TranscriptionRequest } from '../../../core/protocol/speech.ts';
import { transcribeRecording } from '../../audio/transcribe.ts';
import type { RecordedWords } from '../../audio/transcribe.ts';
import { callSignal } from '../../http/call-signal.ts';
import { sendEvents } from '../../http/server-events.ts';
import { assertModel } from './deps.ts';
import type { OpenAiDeps } from './deps.ts';

/** POST /v1/audio/transcriptions: a form with a WAV file. */
export function transcriptionRoute(app: FastifyInstance, { engines, limits }: OpenAiDeps): void {
  app.post('/audio/transcriptions', { bodyLimit: limits.bodyMb * 1e6 }, async (request, reply) => {
    const { file, fields } = await readForm(request);
    assertModel(fields.model, engines.models.stt);
    const recording = decodeWav(file, limits.audioSeconds);
    const words = transcribeRecording(
      engines.for(request.owner),
      recording,
      fields.language,
      callSignal(reply),
    );
    const usage = { type: 'duration', seconds: durationMs(recording) / 1000 };
    if (fields.stream === 'true') return sendEvents(reply, transcriptEvents(words, usage));

    const segments: Segment[] = [];
    for await (const each of words) if (each.final) segments.push(toSegment(each, segments.length));
    const text = segments.map((segment) => segment.text).join(' ');
    switch (fields.response_format) {
      case 'text':
        return reply.type('text/plain; charset=utf-8').send(`${text}\n`);
      case 'verbose_json':
        return {
          task: 'transcribe',
          language: fields.language ?? 'en',
          duration: usage.seconds,
          text,
          segments,
          usage,
        };
      case 'json':
        return { text, usage };
    }
  });
}

interface Segment {
  id: number;
  /** In seconds. */
  start: number;
  end: number;
  text: string;
  avg_logprob?: number;
}

function toSegment({ utterance, transcript: { text, confidence } }: RecordedWords, id: number): Segment {
  const { startMs, endMs } = utterance;
  return {
    id,
    start: startMs / 1000,
    end: endMs / 1000,
    text,
    // The confidence is the geometric mean of the tokens' probabilities.
    ...(confidence !== undefined && confidence > 0 && { avg_logprob: Math.log(confidence) }),
  };
}

async function* transcriptEvents(words: AsyncIterable<RecordedWords>, usage: object): AsyncGenerator<object> {
  const texts: string[] = [];
  let deltas = createTranscriptDeltas();
  for await (const { transcript, final } of words) {
    const added = final ? deltas.end(transcript.text) : deltas.push(transcript.text);
    const between = texts.length > 0 && added !== '' ? ' ' : '';
    if (added !== '') yield { type: 'transcript.text.delta', delta: between + added };
    if (!final) continue;
    texts.push(transcript.text);
    deltas = createTranscriptDeltas();
  }
  yield { type: 'transcript.text.done', text: texts.join(' '), usage };
}

async function readForm(request: FastifyRequest): Promise<{ file: Buffer; fields: TranscriptionRequest }> {
  if (!request.isMultipart()) throw invalid('Send the recording as a form, in its field "file".');
  const { file, fields } = await readParts(request);
  if (file === undefined) throw invalid('The form has no field "file" with a recording.');
  const parsed = transcriptionRequest.safeParse(fields);
  if (parsed.success) return { file, fields: parsed.data };
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join('.') ?? 'The form'}: ${issue?.message ?? 'does not fit'}`);
}

async function readParts(
  request: FastifyRequest,
): Promise<{ file?: Buffer; fields: Record<string, unknown> }> {
  let file: Buffer | undefined;
  const fields: Record<string, unknown> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') fields[part.fieldname] = part.value;
      else if (part.fieldname === 'file') file = await part.toBuffer();
      else await part.toBuffer();
    }
  } catch (error) {
    // What is too much has its own status; all else is a form that broke off or never was one.
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw new AppError('input.invalid', 'The form cannot be read; send it again.', { cause: error });
  }
  return { fields, ...(file && { file }) };
}

function invalid(message: string): AppError {
  return new AppError('input.invalid', message);
}
