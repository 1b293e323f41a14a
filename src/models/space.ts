import { AppError } from '../../core/errors.ts';
import { formatBytes } from '../state/format.ts';

/**
 * The room that the browser gives this page, in bytes. A hint: some browsers answer with a round figure, so that pages
 * cannot tell devices apart, and only a write shows what fits.
 */
export interface Space {
  usedBytes: number;
  freeBytes: number;
  /** Whether the browser has promised not to take files away by itself. */
  persisted: boolean;
}

/** Undefined where the browser does not say. */
export async function measureSpace(): Promise<Space | undefined> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    const persisted = await navigator.storage.persisted();
    return { usedBytes: usage, freeBytes: Math.max(0, quota - usage), persisted };
  } catch {
    return undefined;
  }
}

/** Asks the browser to keep what is here. It decides by itself, or asks the person. */
export async function keepForGood(): Promise<void> {
  await navigator.storage.persist?.().catch(() => false);
}

/** @throws AppError `storage.full` where the browser says beforehand that it will not fit. */
export function assertRoom(neededBytes: number, space: Space | undefined): void {
  if (space === undefined || neededBytes <= space.freeBytes) return;
  const needed = formatBytes(neededBytes);
  const free = formatBytes(space.freeBytes);
  throw new AppError(
    'storage.full',
    `This needs ${needed}, and the browser gives this page room for ${free} more. Delete another model here, or make room on the disk.`,
  );
}
