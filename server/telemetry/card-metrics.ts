import type { Gauge } from 'prom-client';
import { readCardMemory } from '../engines/card-memory.ts';
import type { Engines } from '../engines/engines.ts';

export type MakeGauge = (
  name: string,
  help: string,
  labelNames: string[],
  collect: (this: Gauge) => void | Promise<void>,
) => void;

const MB = 1e6;

/** The graphics card: what the residency knows, and what the driver says where there is one. */
export function watchCard(gauge: MakeGauge, { card }: Pick<Engines, 'card'>): void {
  /** Where there was no card once, there is none. */
  let absent = false;
  gauge('parley_gpu_budget_bytes', 'What models may take of the card.', [], function () {
    this.set(card().budgetMb * MB);
  });
  gauge('parley_gpu_resident_bytes', 'Declared sizes of the models on the card.', [], function () {
    this.set(card().residentMb * MB);
  });
  gauge('parley_gpu_loads', 'Models that were loaded.', [], function () {
    this.set(card().loads);
  });
  gauge('parley_gpu_swaps', 'Loads for which another model had to go.', [], function () {
    this.set(card().swaps);
  });
  gauge('parley_gpu_load_failures', 'Loads that failed.', [], function () {
    this.set(card().failures);
  });
  gauge('parley_model_resident', '1 while the model is on the card.', ['model'], function () {
    for (const { name, state } of card().models) this.set({ model: name }, state === 'resident' ? 1 : 0);
  });
  gauge('parley_model_users', 'Calls that a model on the card serves.', ['model'], function () {
    for (const { name, users } of card().models) this.set({ model: name }, users);
  });
  gauge('parley_gpu_memory_bytes', 'Memory of the card, as its driver says.', ['kind'], async function () {
    const memory = absent ? undefined : await readCardMemory();
    absent = memory === undefined;
    if (memory === undefined) return;
    this.set({ kind: 'total' }, memory.totalMb * MB);
    this.set({ kind: 'used' }, memory.usedMb * MB);
  });
}
