import { z } from 'zod';
import { AppError } from '../errors.ts';
import { engineNames } from './engines.ts';

/** A path below the model's folder: no scheme, no leading slash, no way up. */
export const relativePath = z
  .string()
  .regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/, 'must be a plain relative path');

/** The same with `*` for any characters of one name: what a repository calls its files is known once it was asked. */
const pathPattern = z
  .string()
  .regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.*-]+(?:\/[\w.*-]+)*$/, 'must be a plain relative path or pattern');

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A commit of git. */
export const revision = z.string().regex(/^[0-9a-f]{40}$/);

export const knownFile = z.object({ path: relativePath, bytes: z.int().nonnegative(), sha256 });
const unknownFile = z.object({ path: pathPattern, bytes: z.null(), sha256: z.null() });

/** Size and hash are known of what was pulled once, and are null before that. */
const listedFile = z.union([knownFile, unknownFile]);

export const dtype = z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16', 'q4f32', 'q0f32', 'q0f16']);

const variant = z.object({
  device: z.enum(['wasm', 'webgpu']),
  /** One for the whole model, or one for each of its graphs by name. */
  dtype: z.union([dtype, z.record(z.string(), dtype)]),
  /** What a device must have; null where nobody has measured it. */
  needs: z.object({
    webgpu: z.boolean(),
    shaderF16: z.boolean(),
    memoryMb: z.number().positive().nullable(),
    threads: z.boolean().nullable(),
  }),
  /** True where every file lies below public/models of this site, in its size. */
  served: z.boolean(),
  /** Everything that this variant loads, below the model's folder. */
  files: z.array(listedFile).min(1),
  /** WebLLM's compiled program for the model, from a repository of its own, which is also its folder. */
  library: z.object({ repository: relativePath, revision: revision.nullable(), file: listedFile }).optional(),
});

const model = z.object({
  /** Also its folder below /models, and the repository it comes from: "onnx-community/whisper-tiny". */
  id: relativePath,
  /** What it serves as; the models that tell the end of a turn by sound or by words have a stage each. */
  stages: z.array(z.enum(['stt', 'llm', 'tts', 'turn-audio', 'turn-text'])).min(1),
  /** As a person would name it. */
  name: z.string().min(1),
  /** What loads it. */
  engine: z.enum(engineNames),
  licence: z.string().min(1),
  /** BCP-47 primary tags, or `mul` for a list too long to give. */
  languages: z.array(z.string().min(2)).min(1),
  /** Where it comes from; null for those that Parley brings along. The revision is null until it was pulled. */
  source: z.object({ repository: relativePath, revision: revision.nullable() }).nullable(),
  /** Where it runs best when the person has no preference: small models lose more on WebGPU than they gain. */
  prefers: z.enum(['wasm', 'webgpu']),
  /** By size among the models of its stage, not measured here; `demo` knows everyday phrases only. */
  quality: z.enum(['demo', 'basic', 'good', 'best']),
  speed: z.enum(['fast', 'medium', 'slow']),
  variants: z.array(variant).min(1),
});

/** public/models/catalog.json: every model that Parley knows of, whether or not its files are here. */
export const listingSchema = z.object({
  $schema: z.string().optional(),
  version: z.literal(2),
  models: z.array(model),
});

export type Listing = z.infer<typeof listingSchema>;
export type ListedModel = z.infer<typeof model>;
export type ListedVariant = z.infer<typeof variant>;
export type ListedFile = z.infer<typeof listedFile>;
export type KnownFile = z.infer<typeof knownFile>;
export type Dtype = z.infer<typeof dtype>;

/** @throws AppError `input.invalid`, naming the first field that does not fit. */
export function parseListing(json: unknown): Listing {
  const parsed = listingSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new AppError(
    'input.invalid',
    `The model catalogue cannot be read (${where}: ${issue?.message ?? 'unknown'}). Reload the page, or restore public/models/catalog.json.`,
  );
}

/** Whether size and hash of every file are known: only then may a variant be loaded. */
export function knownFiles(files: readonly ListedFile[]): KnownFile[] | undefined {
  const known = files.filter((file): file is KnownFile => file.sha256 !== null);
  return known.length === files.length ? known : undefined;
}
