import type { AppError, ErrorCode } from '../errors.ts';

/** An error as OpenAI-compatible clients read it. */
export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string | null };
}

/** HTTP status of each failure that a call can end with; any other is the server's own, 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'input.invalid': 400,
  'audio.invalid': 400,
  'server.denied': 502,
  'server.unreachable': 502,
  'server.busy': 429,
  'worker.died': 503,
  'model.missing': 503,
  'model.corrupt': 503,
  'gpu.unavailable': 503,
  'engine.timeout': 504,
};

export function statusOf({ code }: AppError): number {
  return statuses[code] ?? 500;
}

/** A failure in words for the caller; what went wrong inside stays inside. */
export function toOpenAiError(error: AppError): OpenAiError {
  const status = statusOf(error);
  const message = status === 500 ? 'The server failed; please try again.' : error.message;
  return openAiError(status, message, error.code);
}

/** @param param the field that does not fit */
export function openAiError(
  status: number,
  message: string,
  code: string | null = null,
  param: string | null = null,
): OpenAiError {
  return { error: { message, type: typeOf(status), param, code } };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
