import type { Candidate, Choice, PassedOver, Place, StagePlan } from '../../core/placement/plan.ts';
import { describeDevice } from './models.ts';

export const choosableStages = ['stt', 'llm', 'tts'] as const;
export type ChoosableStage = (typeof choosableStages)[number];

/** "Whisper (starter) on the processor (wasm)". */
export function describeCandidate({ name, place }: Pick<Candidate, 'name' | 'place'>): string {
  return `${name} on ${describePlace(place)}`;
}

export function describePlace(place: Place): string {
  return describeDevice(place === 'server' ? 'remote' : place);
}

/** Models that are not used, with the reason that they share. */
export interface PassedGroup {
  reason: string;
  names: string[];
}

/** Each model once, for the form of it against which the least speaks. */
export function groupByReason({ chain, passedOver }: StagePlan): PassedGroup[] {
  const serving = new Set(chain.map(({ name }) => name));
  const nearest = new Map<string, PassedOver>();
  for (const each of passedOver) {
    const known = nearest.get(each.name);
    if (!serving.has(each.name) && (known === undefined || each.reasons < known.reasons))
      nearest.set(each.name, each);
  }
  const groups = new Map<string, string[]>();
  for (const { reason, name } of nearest.values()) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  return Array.from(groups, ([reason, names]) => ({ reason, names }));
}

export interface ChoiceOption {
  /** '' leaves it to the plan. */
  value: string;
  label: string;
}

/** What a person may choose for a stage: one entry for each model and place. */
export function choiceOptions({ chain, passedOver }: StagePlan, chosen: Choice | undefined): ChoiceOption[] {
  const possible: readonly (Candidate | PassedOver)[] = [
    ...chain,
    ...passedOver.filter((each) => each.possible),
  ];
  const options = new Map(possible.map((each) => [valueOf(each), describeCandidate(each)]));
  // One that cannot run any more stays in sight, or nobody could take the choice back.
  if (chosen !== undefined && !options.has(valueOf(chosen)))
    options.set(valueOf(chosen), `${chosen.model} on ${describePlace(chosen.place)}, not possible now`);
  return [{ value: '', label: 'Automatic' }, ...Array.from(options, ([value, label]) => ({ value, label }))];
}

export function valueOf({ model, place }: Choice): string {
  return `${place} ${model}`;
}

export function choiceOf(value: string): Choice | undefined {
  const [place, model] = [value.slice(0, value.indexOf(' ')), value.slice(value.indexOf(' ') + 1)];
  return value === '' ? undefined : { model, place: place as Place };
}
