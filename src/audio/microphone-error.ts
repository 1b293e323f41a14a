import { AppError } from '../../core/errors.ts';

/** Puts into words why the microphone did not open, from what `getUserMedia` threw, and what the person can do. */
export function microphoneError(thrown: unknown, secure: boolean): AppError {
  const name = thrown instanceof Error ? thrown.name : '';
  const options = { cause: thrown };
  if (!secure) return insecurePage(thrown);
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new AppError(
        'mic.denied',
        'The microphone is blocked for this page. Allow it in the browser’s address bar, then try again.',
        options,
      );
    case 'NotReadableError':
    case 'AbortError':
      return new AppError(
        'mic.lost',
        'The microphone could not be started; perhaps another program is using it. Close that, then try again.',
        { ...options, retryable: true },
      );
    default:
      return new AppError(
        'mic.missing',
        'No microphone was found. Plug one in, or check that the system lets this browser use it.',
        { ...options, retryable: true },
      );
  }
}

/** Where the page came over plain http from another computer, browsers hide microphone and worklets alike. */
export function insecurePage(cause: unknown): AppError {
  const message =
    'Over plain http from another computer, browsers give a page neither the microphone nor its sound. Open Parley ' +
    'with https://, or as http://localhost on the computer it runs on. Until then type: answers are shown as text.';
  return new AppError('mic.insecure', message, { cause });
}

/** For a microphone that was there and went away in the middle of a conversation. */
export function microphoneLost(name: string): AppError {
  const device = name === '' ? 'The microphone' : `The microphone “${name}”`;
  return new AppError(
    'mic.lost',
    `${device} was disconnected, or its permission was withdrawn. Plug it in again or choose another one.`,
    { retryable: true },
  );
}
