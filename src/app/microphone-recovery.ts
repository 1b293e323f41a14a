import type { AppError } from '../../core/errors.ts';

/** A listening thread that keeps breaking is given up: this often within this time. */
const MAX_RESTARTS = 5;
const RESTART_SPAN_MS = 60_000;

export interface MicrophoneRecoveryDeps {
  nowMs: () => number;
  /**
   * Resolves when opening a microphone may work.
   * @param atOnce whether that may be so already; else something has to change first
   */
  waitForDevice(signal: AbortSignal, atOnce: boolean): Promise<void>;
}

/** Decides whether a microphone that failed can come back by itself. */
export interface MicrophoneRecovery {
  /** The microphone has opened. */
  opened(): void;
  /** The person begins or ends: what was before does not count. */
  reset(): void;
  /**
   * @returns resolves when it is worth opening the microphone again; undefined where only the person can help. A
   * microphone that never opened is not waited for: nothing will change by itself.
   */
  after(error: AppError, signal: AbortSignal): Promise<void> | undefined;
}

export function createMicrophoneRecovery(deps: MicrophoneRecoveryDeps): MicrophoneRecovery {
  let wasOpen = false;
  /** Opening it again was tried since it was open. */
  let tried = false;
  let restarts: number[] = [];

  function waitForDevice(signal: AbortSignal): Promise<void> | undefined {
    if (!wasOpen) return undefined;
    const atOnce = !tried;
    tried = true;
    return deps.waitForDevice(signal, atOnce);
  }

  /** The thread is started again by its next use. */
  function restart(): Promise<void> | undefined {
    const nowMs = deps.nowMs();
    restarts = [...restarts.filter((atMs) => nowMs - atMs < RESTART_SPAN_MS), nowMs];
    return restarts.length > MAX_RESTARTS ? undefined : Promise.resolve();
  }

  return {
    opened() {
      wasOpen = true;
      tried = false;
    },
    reset() {
      wasOpen = false;
      tried = false;
      restarts = [];
    },
    after({ code }, signal) {
      switch (code) {
        case 'mic.lost':
        case 'mic.missing':
        case 'mic.denied':
          return waitForDevice(signal);
        case 'worker.died':
        case 'engine.failed':
          return restart();
        default:
          return undefined;
      }
    },
  };
}
