import { AppError, toAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';

/** An `AppError` as structured data. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** The cause in words, absent where there was none. */
  cause?: string;
}

/** Anything thrown, as data: plain errors become `engine.failed`, abort errors `aborted`. */
export function encodeError(thrown: unknown): WireError {
  const error = toAppError(thrown);
  const wire: WireError = { code: error.code, message: error.message, retryable: error.retryable };
  if (error.cause !== undefined) wire.cause = String(error.cause);
  return wire;
}

export function decodeError(wire: WireError): AppError {
  const { code, message, retryable, cause } = wire;
  return new AppError(code, message, cause === undefined ? { retryable } : { retryable, cause });
}
