/** A length of time as a person says it: any of the three may be above its usual range ("90 minutes"). */
export interface Duration {
  hours: number;
  minutes: number;
  seconds: number;
}

export function durationSeconds({ hours, minutes, seconds }: Duration): number {
  return Math.round(hours * 3600 + minutes * 60 + seconds);
}

/** "5 minutes", "1 hour and 30 minutes", "1 hour, 2 minutes and 3 seconds". Whole numbers stay as they were said. */
export function durationText(duration: Duration): string {
  const said = Object.values(duration).every(Number.isInteger) ? duration : split(durationSeconds(duration));
  const parts = (['hour', 'minute', 'second'] as const)
    .map((unit) => ({ unit, count: said[`${unit}s`] }))
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  const last = parts.pop() ?? '0 seconds';
  return parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
}

function split(total: number): Duration {
  return { hours: Math.floor(total / 3600), minutes: Math.floor((total % 3600) / 60), seconds: total % 60 };
}
