import type { Candidate, PlacedStage } from '../../core/placement/plan.ts';
import type { PlacementView } from './conversation.ts';

/** The candidate that serves a stage, and whether those before it failed. */
export function servingOf(
  { plan, serving }: PlacementView,
  stage: PlacedStage,
): { candidate: Candidate; instead: Candidate | undefined } | undefined {
  const { chain } = plan[stage];
  const [first] = chain;
  const candidate = chain.find(({ key }) => key === serving[stage]) ?? first;
  if (candidate === undefined || first === undefined) return undefined;
  return { candidate, instead: candidate === first ? undefined : first };
}
