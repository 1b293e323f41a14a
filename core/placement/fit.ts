import { variantBytes } from '../models/catalog.ts';
import { downloadId } from '../models/download-id.ts';
import { modelsBudgetMb } from './device-facts.ts';
import type { GpuFacts } from './device-facts.ts';
import type { Part, PlacedStage, PlanInput } from './plan.ts';
import { isTooSlow } from './speed.ts';

/** Why a model is not used. What is impossible stays so; what is unwise a person may choose. */
export interface Objection {
  kind: 'impossible' | 'unwise';
  reason: string;
}

/**
 * How much of the models' memory a stage may take. Answers gain most from size; what is left over by one is not given
 * to another, so that a plan does not depend on the order in which it is made.
 */
const SHARE: Readonly<Record<PlacedStage, number>> = { vad: 1, turn: 1, stt: 0.28, llm: 0.56, tts: 0.16 };

/**
 * @mlc-ai/web-llm asks for these limits and starts without them on no device (its detectGPUDevice: 128 MiB of a
 * buffer at the least, 32 KiB shared by a workgroup, 10 buffers for a shader).
 */
const WEB_LLM = { bindingBytes: 1 << 27, workgroupBytes: 32_768, storageBuffers: 10 };

/** Fewer cores than this and a model of medium size does not keep up on the processor. Judged until it is measured. */
const CORES_FOR_MEDIUM = 8;

const MB = 1_000_000;

/**
 * What speaks against running a model for a stage, what is hardest to change first: the device, then its memory and
 * speed, then what Parley lacks, then a download. Nothing where it fits.
 */
export function objectionsTo(part: Part, stage: PlacedStage, input: PlanInput): Objection[] {
  const impossible = (reason: string): Objection => ({ kind: 'impossible', reason });
  return [
    ...beyondDevice(part, stage, input).map(impossible),
    ...unwise(part, stage, input).map((reason): Objection => ({ kind: 'unwise', reason })),
    ...missing(part, stage, input).map(impossible),
  ];
}

/**
 * What a variant takes in MB: as measured, else twice its files, which are in memory once as they were fetched and once
 * as the runtime keeps them. Null where neither is known.
 */
export function memoryMb({ variant }: Part): number | null {
  if (variant.needs.memoryMb !== null) return variant.needs.memoryMb;
  const bytes = variantBytes(variant);
  return bytes === null ? null : (2 * bytes) / MB;
}

export function speaks({ languages }: Part['model'], language: string): boolean {
  return languages.includes(language) || languages.includes('mul');
}

/** The name of a part in plans and measurements, and in the store. */
export function keyOf({ model, variant }: Part): string {
  return downloadId(model, variant);
}

function beyondDevice({ model, variant }: Part, stage: PlacedStage, input: PlanInput): string[] {
  const { device, language } = input;
  const { needs } = variant;
  const reasons: string[] = [];
  const onGpu = needs.webgpu || variant.device === 'webgpu';
  if (stage === 'tts' && !speaks(model, language)) reasons.push('It does not speak your language.');
  if (onGpu && device.gpu === null) reasons.push('It needs WebGPU, which this browser does not offer.');
  if (needs.shaderF16 && device.gpu?.shaderF16 === false)
    reasons.push('It needs 16-bit shaders, which this graphics chip lacks.');
  if (model.engine === 'web-llm' && device.gpu !== null && isBelow(device.gpu))
    reasons.push('It needs larger buffers than this graphics chip offers.');
  if (needs.threads === true && !device.threads)
    reasons.push('It needs several threads, which this page may not use.');
  return reasons;
}

function missing(part: Part, stage: PlacedStage, input: PlanInput): string[] {
  const { model, variant } = part;
  const here = variant.files !== null && (variant.served || input.isStored(keyOf(part)));
  return [
    ...(input.canRun(stage, model.engine) ? [] : ['Parley has no engine for it yet.']),
    ...(here ? [] : [absence(variant, input)]),
  ];
}

function isBelow(gpu: GpuFacts): boolean {
  return (
    gpu.bindingBytes < WEB_LLM.bindingBytes ||
    gpu.workgroupBytes < WEB_LLM.workgroupBytes ||
    gpu.storageBuffers < WEB_LLM.storageBuffers
  );
}

function absence(variant: Part['variant'], { device }: PlanInput): string {
  const bytes = variantBytes(variant);
  if (bytes === null || device.storageBytes === null || bytes <= device.storageBytes)
    return 'It is not on this device yet.';
  return `It is not on this device, and there is no room for it: ${inGb(bytes / MB)}, with ${inGb(device.storageBytes / MB)} free.`;
}

function unwise(part: Part, stage: PlacedStage, input: PlanInput): string[] {
  const { device, speeds, tier } = input;
  const { model, variant } = part;
  const reasons: string[] = [];
  const onGpu = variant.device === 'webgpu';
  if (onGpu && tier !== 'full')
    reasons.push('Parley was stopped while it started, so it leaves the graphics chip alone.');
  if (onGpu && device.gpu?.fallback === true)
    reasons.push('The graphics chip is imitated in software here, and the processor is quicker.');
  const needed = memoryMb(part);
  const allowed = modelsBudgetMb(device) * SHARE[stage];
  if (needed !== null && needed > allowed)
    reasons.push(`It takes about ${inGb(needed)} of memory, and may take ${inGb(allowed)} on this device.`);
  const speed = speeds[keyOf(part)];
  if (speed !== undefined) {
    if (isTooSlow(stage, speed))
      reasons.push(`It is too slow here: ${inSeconds(speed.delayMs)} were measured.`);
  } else if (!onGpu && !keepsUp(model.speed, input))
    reasons.push('It is too large for this processor to keep up with talking.');
  return reasons;
}

/** Whether the processor is quick enough for a model of this class. */
function keepsUp(speed: Part['model']['speed'], { device }: PlanInput): boolean {
  if (speed === 'fast') return true;
  return speed === 'medium' && device.threads && device.cores >= CORES_FOR_MEDIUM && !device.mobile;
}

function inGb(megabytes: number): string {
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1_000).toFixed(1)} GB`;
}

function inSeconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
