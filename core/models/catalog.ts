import { z } from 'zod';
import { AppError } from '../errors.ts';

/** A path below the model's folder: no scheme, no leading slash, no way up. */
const relativePath = z
  .string()
  .regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/, 'must be a plain relative path');

const modelFile = z.object({
  path: relativePath,
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const variant = z.object({
  dtype: z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16']),
  /** Everything that this variant loads. */
  files: z.array(modelFile).min(1),
});

const model = z.object({
  /** Also its folder below /models: "starter/recogniser". */
  id: relativePath,
  /** The two models that tell the end of a turn, by its sound and by its words, have a stage each. */
  stage: z.enum(['stt', 'llm', 'turn-audio', 'turn-text']),
  /** As a person would name it. */
  name: z.string().min(1),
  runtime: z.literal('transformers.js'),
  licence: z.string().min(1),
  /** BCP-47 primary tags. */
  languages: z.array(z.string().min(2)).min(1),
  /** Where it runs best when the person has no preference: small models lose more on WebGPU than they gain. */
  prefers: z.enum(['wasm', 'webgpu']),
  /** Every model runs on wasm; small ones have nothing to gain elsewhere. */
  variants: z.object({ wasm: variant, webgpu: variant.optional() }),
});

export const catalogSchema = z.object({ version: z.literal(1), models: z.array(model) });

export type Catalog = z.infer<typeof catalogSchema>;
export type CatalogModel = z.infer<typeof model>;

/** @throws AppError `input.invalid`, naming the first field that does not fit. */
export function parseCatalog(json: unknown): Catalog {
  const parsed = catalogSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new AppError(
    'input.invalid',
    `The model catalogue cannot be read (${where}: ${issue?.message ?? 'unknown'}). Reload the page, or restore public/models/catalog.json.`,
  );
}
