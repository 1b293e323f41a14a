import { z } from 'zod';

/** Rate of raw sound on these doors, in both directions. */
export const WIRE_RATE_HZ = 24_000;

/** The fields of a form beside the file of `/v1/audio/transcriptions`. */
export const transcriptionRequest = z.object({
  model: z.string().min(1),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/, 'give a tag such as "en"')
    .optional(),
  response_format: z.enum(['json', 'text', 'verbose_json']).default('json'),
  stream: z.enum(['true', 'false']).default('false'),
  'timestamp_granularities[]': z.literal('segment', 'words have no times here').optional(),
});
export type TranscriptionRequest = z.infer<typeof transcriptionRequest>;

export function speechRequest(maxCharacters: number) {
  return z.object({
    model: z.string().min(1),
    input: z.string().min(1).max(maxCharacters),
    voice: z.union([z.string().min(1).max(64), z.object({ id: z.string().min(1).max(64) })]),
    /** What no encoder here can write is refused rather than sent as something else. */
    response_format: z.enum(['wav', 'pcm'], 'choose wav or pcm').default('wav'),
    speed: z.number().min(0.25).max(4).default(1),
    stream_format: z.enum(['audio', 'sse']).default('audio'),
  });
}
export type SpeechRequest = z.infer<ReturnType<typeof speechRequest>>;
