import { formatBytes, formatSeconds } from './format.ts';

/** Hears how a pull gets on. */
export interface Progress {
  start(totalBytes: number, files: number): void;
  /** Bytes that came to lie here, or with less than 0 were thrown away. */
  bytes(delta: number): void;
  done(name: string, bytes: number): void;
  end(): void;
}

export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

/** The speed is that of the last seconds: a line changes, and what was here before the start took no time. */
const WINDOW_MS = 10_000;
/** Faster than this nobody reads, and terminals over a network lag. */
const REDRAW_MS = 200;

/**
 * One line that is drawn again on a terminal; elsewhere a line for each file.
 * @param nowMs a monotonic clock
 */
export function createProgress(output: ProgressOutput, nowMs: () => number): Progress {
  const tty = output.isTTY === true;
  let total = 0;
  let present = 0;
  let drawnAt = -Infinity;
  let samples: { at: number; present: number }[] = [];

  function draw(): void {
    const now = nowMs();
    samples = [...samples.filter(({ at }) => now - at <= WINDOW_MS), { at: now, present }];
    if (!tty || now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    output.write(`\r\u001B[K${describeProgress(present, total, samples)}`);
  }

  return {
    start(totalBytes, files) {
      total = totalBytes;
      if (files > 0) output.write(`${files} ${files === 1 ? 'file' : 'files'}, ${formatBytes(totalBytes)}\n`);
    },
    bytes(delta) {
      present += delta;
      draw();
    },
    done(name, bytes) {
      output.write(`${tty ? '\r\u001B[K' : ''}got  ${name}  ${formatBytes(bytes)}\n`);
    },
    end() {
      if (tty) output.write('\r\u001B[K');
    },
  };
}

/** "37 %  120 MB of 324 MB  12 MB/s  17 s left"; the last two only once there is a speed. */
export function describeProgress(
  present: number,
  total: number,
  samples: readonly { at: number; present: number }[],
): string {
  const percent = total === 0 ? 100 : Math.floor((100 * present) / total);
  const line = `${percent} %  ${formatBytes(present)} of ${formatBytes(total)}`;
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return line;
  const bytesPerSecond = ((last.present - first.present) / (last.at - first.at)) * 1_000;
  if (bytesPerSecond <= 0) return line;
  const left = formatSeconds((total - present) / bytesPerSecond);
  return `${line}  ${formatBytes(bytesPerSecond)}/s  ${left} left`;
}
