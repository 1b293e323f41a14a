import { keyOf, memoryMb, speaks } from './fit.ts';
import type { Part, PlanInput } from './plan.ts';

const QUALITY = { demo: 0, basic: 1, good: 2, best: 3 };
const PACE = { fast: 0, medium: 1, slow: 2 };
/** Stands in for a measurement when models are compared: only the order means anything. */
const DELAY_MS = { fast: 300, medium: 900, slow: 2_000 };

/** A part's place in an order: the first number that differs decides, and the smaller goes first. */
type Rank = readonly number[];

/**
 * Parts in the order in which they should serve. Whoever speaks the person's language goes first; then the preference
 * decides. Between equals the one that the catalogue names first stays first.
 */
export function inOrder(parts: readonly Part[], input: PlanInput): Part[] {
  const ranked = parts.map((part) => ({ part, rank: rankOf(part, input) }));
  return ranked.toSorted((a, b) => compare(a.rank, b.rank)).map(({ part }) => part);
}

function rankOf(part: Part, { prefer, tier, language, speeds }: PlanInput): Rank {
  const { model, variant } = part;
  const stranger = speaks(model, language) ? 0 : 1;
  const quality = -QUALITY[model.quality];
  const elsewhere = variant.device === model.prefers ? 0 : 1;
  const size = memoryMb(part) ?? Number.MAX_VALUE;
  if (prefer === 'smallest' || tier === 'smallest') return [stranger, size, elsewhere];
  if (prefer === 'fastest') {
    // A model that knows everyday phrases only is quick at the wrong answer.
    const demo = model.quality === 'demo' ? 1 : 0;
    const delayMs = speeds[keyOf(part)]?.delayMs ?? DELAY_MS[model.speed];
    return [stranger, demo, delayMs, quality, elsewhere, size];
  }
  return [stranger, quality, PACE[model.speed], elsewhere];
}

function compare(a: Rank, b: Rank): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
