import { AppError } from './errors.ts';

/** What a download needs of its surroundings; tests hand in their own. */
export interface RetryDeps {
  signal: AbortSignal;
  /** @throws AppError `aborted` when the signal fires */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Waits between attempts, each with up to a quarter more, so that many clients do not come back at once. */
const WAITS_MS = [250, 500, 1_000, 2_000, 5_000];

/**
 * Makes an attempt again while it fails with something retryable.
 * @param attempt calls `progress` where it got further, which starts the count of failures anew
 */
export async function withRetries<T>(
  { signal, sleep }: RetryDeps,
  attempt: (progress: () => void) => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    if (signal.aborted) throw stopped();
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) throw stopped(error);
      const wait = WAITS_MS[failures];
      if (!(error instanceof AppError) || !error.retryable || wait === undefined) throw error;
      failures += 1;
      await sleep(Math.max(wait * (1 + Math.random() / 4), retryAfterMs(error)), signal);
    }
  }
}

/** An hour would be no answer to a person who waits: longer wishes are cut. */
const MAX_WAIT_MS = 60_000;

/** The part of an HTTP answer, as the cause of an error, that says when to come again. */
interface Answer {
  headers: { get(name: string): string | null };
}

/** How long the other side asked to wait. */
function retryAfterMs({ cause }: AppError): number {
  if (typeof cause !== 'object' || cause === null || !('headers' in cause)) return 0;
  const seconds = Number((cause as Answer).headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, MAX_WAIT_MS) : 0;
}

export function stopped(cause?: unknown): AppError {
  return new AppError('aborted', 'Stopped. The next attempt goes on from here.', { cause });
}
