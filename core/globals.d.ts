/**
 * The few platform globals that pages, workers and Node share, declared here because core's tsconfig knows no
 * platform library. Anything else (document, process) is a compile error in core.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { new (): AbortController };
declare function queueMicrotask(callback: () => void): void;
