import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GpuConfig, Profile } from '../config/schema.ts';

/** What the driver says of the first graphics card. */
export interface CardMemory {
  totalMb: number;
  usedMb: number;
}

const QUERY = ['--query-gpu=memory.total,memory.used', '--format=csv,noheader,nounits'];
const TIMEOUT_MS = 5000;
const BYTES_PER_MIB = 1_048_576;

/** Undefined where there is no NVIDIA card, or no driver. */
export async function readCardMemory(program = 'nvidia-smi'): Promise<CardMemory | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, QUERY, { timeout: TIMEOUT_MS });
    return parseCardMemory(stdout);
  } catch {
    return undefined;
  }
}

/** @param text lines such as "23034, 512", in MiB, one for each card */
export function parseCardMemory(text: string): CardMemory | undefined {
  const [, total, used] = /^\s*(\d+)\s*,\s*(\d+)\s*$/m.exec(text.split('\n', 1)[0] ?? '') ?? [];
  if (total === undefined || used === undefined) return undefined;
  const toMb = (mebibytes: string): number => Math.floor((Number(mebibytes) * BYTES_PER_MIB) / 1e6);
  return { totalMb: toMb(total), usedMb: toMb(used) };
}

/** What is free on the card now, where models are to share it and nobody says how much they may take. */
export async function measureCard({
  gpu,
  processes,
}: Pick<Profile, 'gpu' | 'processes'>): Promise<GpuConfig> {
  const wanted = Object.values(processes).some(({ vramMb }) => vramMb > 0);
  if (gpu.memoryMb !== undefined || !wanted) return gpu;
  const card = await readCardMemory();
  return card === undefined ? gpu : { ...gpu, memoryMb: card.totalMb - card.usedMb };
}
