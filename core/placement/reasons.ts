import { keyOf, memoryMb, speaks } from './fit.ts';
import type { Objection } from './fit.ts';
import type { Part, PlacedStage, PlanInput } from './plan.ts';

interface Standing {
  part: Part;
  /** In the chain, from 0. */
  position: number;
  objections: readonly Objection[];
  stage: PlacedStage;
  input: PlanInput;
  chosen: boolean;
}

/** Why a model has its place in the chain, in a sentence or two. */
export function whyFirst({ part, position, objections, input, chosen }: Standing): string {
  const warning = objections.map(({ reason }) => reason).join(' ');
  if (chosen) return joined('You chose it.', warning);
  if (position > 0) return joined('It takes over where the one before fails.', warning);
  return joined(merit(part, input), place(part, input), stranger(part, input), warning);
}

function merit(part: Part, { prefer, tier, speeds }: PlanInput): string {
  if (tier === 'smallest')
    return 'The smallest that is here: Parley was stopped while it started with larger ones.';
  if (prefer === 'smallest') {
    const needed = memoryMb(part);
    return needed === null
      ? 'The smallest that is here.'
      : `The smallest that is here: about ${Math.max(1, Math.round(needed))} MB of memory.`;
  }
  if (prefer === 'fastest') {
    const speed = speeds[keyOf(part)];
    return speed === undefined
      ? 'The quickest that is here, as far as its size tells; it will be measured.'
      : `The quickest that is here: ${Math.round(speed.delayMs)} ms were measured.`;
  }
  return part.model.quality === 'demo'
    ? 'The best that is here: it comes with Parley and knows everyday phrases only.'
    : 'The best that is here and suits this device.';
}

function place({ model, variant }: Part, { device, tier }: PlanInput): string {
  if (variant.device === 'webgpu') return 'It gains from the graphics chip.';
  if (model.prefers === 'wasm') return 'It is small, and the processor is quicker for it.';
  if (device.gpu === null) return 'It runs on the processor: this browser offers no WebGPU.';
  if (tier === 'no-gpu')
    return 'It runs on the processor: Parley was stopped while it started with the graphics chip.';
  return 'It runs on the processor.';
}

function stranger({ model }: Part, { language }: PlanInput): string {
  return speaks(model, language) ? '' : 'It does not know your language well.';
}

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
