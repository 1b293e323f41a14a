import { z } from 'zod';

/** Small models quote their numbers and fill in what they do not need with null or an empty string. */
function unquoted(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  return typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

/** An optional number, also as a numeric string: null and the empty string count as absent. */
export function optionalNumber(schema: z.ZodNumber) {
  return z.preprocess(unquoted, schema.optional()).optional();
}

/** An optional text of at most `longest` characters, trimmed; null and the empty string count as absent. */
export function optionalText(longest: number) {
  return z.preprocess((value) => value ?? undefined, z.string().trim().max(longest).optional()).optional();
}
