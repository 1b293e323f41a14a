/** 1_500_000 → "1.5 MB"; decimal units, as browsers and stores count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  const [value, unit] = bytes < 999_500_000 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** 87 → "87 ms", 1234 → "1.23 s". */
export function formatMs(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** Time until a timer rings: 272_000 → "4:32", 3_725_000 → "1:02:05"; never negative. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** "about 20 seconds left", or undefined while there is too little to judge by. */
export function formatTimeLeft(
  loadedBytes: number,
  totalBytes: number,
  elapsedMs: number,
): string | undefined {
  if (elapsedMs < 1000 || loadedBytes <= 0 || totalBytes <= loadedBytes) return undefined;
  return formatSecondsLeft(((totalBytes - loadedBytes) * elapsedMs) / loadedBytes / 1000);
}

/** As exact as a guess deserves: "a few seconds left", "about 20 seconds left", "about 2 hours left". */
export function formatSecondsLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} minutes left`;
  return `about ${Math.round(minutes / 60)} hours left`;
}
