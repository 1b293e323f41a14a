import { z } from 'zod';

/** Grows when what a server says to its own page changes in a way that an older page would misunderstand. */
export const PROTOCOL_VERSION = 1;

const stage = z.object({
  /** Id in the catalogue, or as the server behind this one calls it. */
  model: z.string().min(1).max(256),
  /** The model that a call is given to now: another where that one failed. */
  serving: z.string().min(1).max(256).optional(),
  /** Served by yet another server. */
  remote: z.boolean(),
  /** Calls that are being served, and that wait. */
  working: z.number().int().nonnegative(),
  waiting: z.number().int().nonnegative(),
  /** From a call to the first of its answer, without the way there and back; null while nothing was asked yet. */
  delayMs: z.number().nonnegative().nullable(),
});

/** The answer of `/api/v1/capabilities`. */
export const capabilities = z.object({
  version: z.literal(PROTOCOL_VERSION),
  stages: z.object({ stt: stage, llm: stage, tts: stage }).partial(),
  /** What lies on the graphics card, of the models that the server puts there. */
  card: z.looseObject({ budgetMb: z.number(), residentMb: z.number() }).optional(),
});
export type Capabilities = z.infer<typeof capabilities>;
