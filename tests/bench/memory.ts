import { readdirSync, readFileSync } from 'node:fs';

/** The memory of a browser while something happens, all its processes together. Linux only. */
export interface MemoryWatch {
  /** Bytes now. */
  now(): number;
  /** @returns the most since the start, and stops */
  stop(): number;
}

const SAMPLE_MS = 50;

/** @param mark stands in the command line of the browser's first process, and of no other's */
export function watchMemory(mark: string): MemoryWatch {
  const now = (): number => processesOf(mark).reduce((sum, pid) => sum + ownBytes(pid), 0);
  let peak = now();
  const timer = setInterval(() => {
    peak = Math.max(peak, now());
  }, SAMPLE_MS);
  return {
    now,
    stop() {
      clearInterval(timer);
      return Math.max(peak, now());
    },
  };
}

/** The processes with the mark, and all that descend from them. */
function processesOf(mark: string): number[] {
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0));
    if (read(pid, 'cmdline').includes(mark)) found.add(pid);
  }
  const belongs = (pid: number): boolean =>
    found.has(pid) || (parents.has(pid) && pid > 1 && belongs(parents.get(pid)!));
  return [...parents.keys()].filter(belongs);
}

/**
 * What the process made itself, not what it maps of the program: that counts less the more browsers run beside this one.
 * Pages that processes share count in parts, so that the sum counts each once.
 */
function ownBytes(pid: number): number {
  const text = read(pid, 'smaps_rollup');
  const kilobytes = ['Pss_Anon', 'Pss_Shmem'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** Empty where the process has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
