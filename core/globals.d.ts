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
declare const AbortSignal: { any(signals: readonly AbortSignal[]): AbortSignal };
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { new (): AbortController };
interface URL {
  readonly protocol: string;
  readonly host: string;
  readonly origin: string;
  readonly username: string;
  readonly search: string;
  readonly hash: string;
  readonly href: string;
}
declare const URL: { new (url: string, base?: string): URL; canParse(url: string, base?: string): boolean };
declare function queueMicrotask(callback: () => void): void;
