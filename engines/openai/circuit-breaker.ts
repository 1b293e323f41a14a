import { AppError } from '../../core/errors.ts';

/** Failures in a row after which a server is left alone. */
const FAILURES = 4;
/** For how long. */
const OPEN_MS = 5000;

/** Keeps callers from waiting, one after another, for a server that is down. */
export interface CircuitBreaker {
  /** @throws AppError `server.unreachable` while the server is left alone; afterwards one caller may try */
  check(): void;
  succeeded(): void;
  failed(): void;
}

export function createCircuitBreaker(
  host: string,
  nowMs: () => number = () => performance.now(),
): CircuitBreaker {
  let failures = 0;
  let openUntilMs = 0;
  return {
    check() {
      if (failures < FAILURES) return;
      if (nowMs() < openUntilMs) {
        throw new AppError(
          'server.unreachable',
          `The server ${host} is down; it is tried again in a few seconds.`,
          {
            retryable: true,
          },
        );
      }
      openUntilMs = nowMs() + OPEN_MS;
    },
    succeeded() {
      failures = 0;
    },
    failed() {
      failures += 1;
      if (failures >= FAILURES) openUntilMs = nowMs() + OPEN_MS;
    },
  };
}
