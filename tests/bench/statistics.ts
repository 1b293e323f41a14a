/** Nearest-rank quantile of the values, 0 ≤ q ≤ 1. @throws RangeError for no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
  if (value === undefined) throw new RangeError('no values were measured');
  return value;
}

export interface Spread {
  p50: number;
  p95: number;
}

/** Median and 95th percentile, rounded to a hundredth. */
export function spread(values: readonly number[]): Spread {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { p50: round(quantile(values, 0.5)), p95: round(quantile(values, 0.95)) };
}
