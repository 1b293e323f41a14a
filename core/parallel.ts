import { stopped } from './retry.ts';

/**
 * Works on the items, `limit` at a time. The first failure stops the others and is thrown.
 * @throws AppError `aborted` when the signal fired
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const either = AbortSignal.any([signal, controller.signal]);
  const queue = items.values();
  const failures: unknown[] = [];

  async function run(): Promise<void> {
    for (const item of queue) {
      if (either.aborted) return;
      try {
        await work(item, either);
      } catch (error) {
        failures.push(error);
        controller.abort();
      }
    }
  }

  await Promise.all(Array.from({ length: limit }, run));
  if (signal.aborted) throw stopped();
  if (failures.length > 0) throw failures[0];
}
