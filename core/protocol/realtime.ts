import { z } from 'zod';
import { functionName } from './chat.ts';
import { WIRE_RATE_HZ } from './speech.ts';

/** The client's side of the Realtime protocol: what a session can be told. */

const format = z.object({
  type: z.literal('audio/pcm', 'send and take audio/pcm'),
  rate: z.literal(WIRE_RATE_HZ, `use ${WIRE_RATE_HZ} Hz`).default(WIRE_RATE_HZ),
});

const turnDetection = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.int().min(0).max(500).optional(),
    silence_duration_ms: z.int().min(0).max(10_000).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.literal(true, 'speech always interrupts').optional(),
  }),
  z.object({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.literal(true, 'speech always interrupts').optional(),
  }),
]);
export type TurnDetection = z.infer<typeof turnDetection>;

const tool = z.object({
  type: z.literal('function'),
  name: functionName,
  description: z.string().default(''),
  parameters: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }),
});

const input = z.object({
  format: format.optional(),
  transcription: z
    .object({ model: z.string().optional(), language: z.string().max(35).optional() })
    .nullish(),
  turn_detection: turnDetection.nullish(),
});

const output = z.object({
  format: format.optional(),
  voice: z.union([z.string().min(1).max(64), z.object({ id: z.string().min(1).max(64) })]).optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
});

export const sessionUpdate = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('realtime'),
    instructions: z.string().max(100_000).optional(),
    output_modalities: z
      .array(z.enum(['text', 'audio']))
      .min(1)
      .max(1)
      .optional(),
    tools: z.array(tool).max(128).optional(),
    tool_choice: z.enum(['none', 'auto'], 'choose none or auto').optional(),
    audio: z.object({ input: input.optional(), output: output.optional() }).optional(),
  }),
  z.object({ type: z.literal('transcription'), audio: z.object({ input: input.optional() }).optional() }),
]);
export type SessionUpdate = z.infer<typeof sessionUpdate>;

const newItem = z.union(
  [
    z.object({
      type: z.literal('message'),
      id: z.string().max(64).optional(),
      role: z.enum(['user', 'system']),
      content: z.array(z.object({ type: z.literal('input_text'), text: z.string() })).min(1),
    }),
    z.object({
      type: z.literal('function_call_output'),
      id: z.string().max(64).optional(),
      call_id: z.string(),
      output: z.string(),
    }),
  ],
  'create messages of the user or the system in text, or function_call_output',
);

const eventId = z.string().max(512).optional();

export const clientEvent = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('session.update'), event_id: eventId, session: sessionUpdate }),
    z.object({ type: z.literal('input_audio_buffer.append'), event_id: eventId, audio: z.base64() }),
    z.object({ type: z.literal('input_audio_buffer.commit'), event_id: eventId }),
    z.object({ type: z.literal('input_audio_buffer.clear'), event_id: eventId }),
    z.object({ type: z.literal('conversation.item.create'), event_id: eventId, item: newItem }),
    z.object({
      type: z.literal('conversation.item.truncate'),
      event_id: eventId,
      item_id: z.string(),
      content_index: z.int().min(0),
      audio_end_ms: z.number().min(0),
    }),
    z.object({ type: z.literal('conversation.item.retrieve'), event_id: eventId, item_id: z.string() }),
    z.object({
      type: z.literal('response.create'),
      event_id: eventId,
      /** Empty: what holds for one response only is not known here. */
      response: z.strictObject({}).optional(),
    }),
    z.object({ type: z.literal('response.cancel'), event_id: eventId }),
  ],
  'there is no such event',
);
export type ClientEvent = z.infer<typeof clientEvent>;
export type NewItem = z.infer<typeof newItem>;
