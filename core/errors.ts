/**
 * Every failure that crosses a boundary of Parley is an `AppError`. Callers branch on `code`;
 * `message` is written for the person and says what to do.
 */
export const errorCodes = [
  'aborted', // the caller gave up; never shown
  'input.invalid', // a value from outside did not fit its schema
  'audio.invalid', // NaN, wrong rate, too long
  'mic.denied',
  'mic.missing',
  'mic.lost',
  'mic.insecure', // plain http on a network address: the browser has no microphone there
  'model.missing', // a model file answered 404
  'model.corrupt', // a model file could not be parsed or has the wrong hash
  'hub.unreachable', // where models come from does not answer, or broke off
  'hub.denied', // where models come from wants a login or a consent first
  'storage.full', // no room for what is being downloaded
  'storage.unavailable', // this browser keeps no files for this page
  'engine.failed', // a model runtime threw
  'engine.timeout',
  'worker.died', // the thread of an engine ended
  'gpu.unavailable',
  'gpu.lost',
  'tool.failed',
  'stage.moved', // an engine failed, and another serves its stage from now on
  'page.crashed', // the last start ended without a word; the plan holds back
  'server.busy', // too many are waiting already
  'server.unreachable', // a server that a stage relies on does not answer, or broke off
  'server.denied', // a server wants another key
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface AppErrorOptions {
  /** True where the same call may succeed when it is made again. */
  retryable?: boolean;
  cause?: unknown;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Wraps whatever was thrown; an `AppError` passes through unchanged. */
export function toAppError(error: unknown, fallback: ErrorCode = 'engine.failed'): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('aborted', 'The work was cancelled.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(fallback, message, { cause: error });
}

/** Throws `aborted` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('aborted', 'The work was cancelled.');
}
