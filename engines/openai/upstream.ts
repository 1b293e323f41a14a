import { AppError, throwIfAborted, toAppError } from '../../core/errors.ts';
import type { StageInfo } from '../../core/stages/stage.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';

/** A server with the doors of OpenAI: vLLM, llama-server, Ollama, SGLang, speaches, Kokoro-FastAPI, another Parley, … */
export interface OpenAiConfig {
  /** With its version: "http://127.0.0.1:11434/v1". */
  url: string;
  /** As the server calls it. */
  model: string;
  key?: string | undefined;
  /** Longest silence of the server, from the request to its answer and between two pieces of it. */
  timeoutMs: number;
}

/** How often a request is made again that nothing came of. */
const RETRIES = 2;
const RETRY_AFTER_MS = 250;
/** A server that asks for more patience than this is busy. */
const LONGEST_WAIT_MS = 2000;

/** Statuses after which the same request may succeed: what was asked has not been done. */
const again: readonly number[] = [429, 502, 503];

/** The one connection of a stage to its server. */
export interface Upstream {
  /**
   * Posts a request and answers with the pieces of the response's body. Nothing that is asked here changes the server, so
   * a request is made again as long as no answer has begun.
   * @throws AppError `server.unreachable`, `server.denied`, `server.busy`, `engine.timeout`, `input.invalid`,
   *   `model.missing`, `aborted`
   */
  post(path: string, body: object | FormData, signal: AbortSignal): Promise<UpstreamBody>;
  /** Whether the server answers at all. @throws as `post` */
  check(signal: AbortSignal): Promise<void>;
  describe(): StageInfo;
}

export interface UpstreamBody {
  contentType: string;
  /** Ends with an error where the server falls silent or breaks off. */
  pieces: AsyncIterable<Uint8Array>;
}

export function createUpstream(config: OpenAiConfig): Upstream {
  const { url, model, key, timeoutMs } = config;
  const base = url.replace(/\/$/, '');
  const { host } = new URL(url);
  const breaker = createCircuitBreaker(host);

  async function ask(path: string, init: RequestInit, signal: AbortSignal): Promise<UpstreamBody> {
    for (let attempt = 0; ; attempt++) {
      breaker.check();
      try {
        const body = await attemptOnce(path, init, signal);
        breaker.succeeded();
        return body;
      } catch (error) {
        const failure = toAppError(error, 'server.unreachable');
        if (failure.code === 'server.unreachable' || failure.code === 'engine.timeout') breaker.failed();
        const waitMs = failure instanceof Retryable ? failure.waitMs : undefined;
        if (waitMs === undefined || attempt === RETRIES || waitMs > LONGEST_WAIT_MS) throw failure;
        await pause(waitMs * 2 ** attempt, signal);
      }
    }
  }

  async function attemptOnce(path: string, init: RequestInit, signal: AbortSignal): Promise<UpstreamBody> {
    throwIfAborted(signal);
    const silence = createSilenceTimer(timeoutMs, signal);
    try {
      const response = await fetch(base + path, {
        ...init,
        headers: {
          ...(init.headers as object),
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        // An address comes from the configuration only, never from a server.
        redirect: 'error',
        signal: silence.signal,
      });
      silence.heard();
      if (!response.ok) throw await refusal(response);
      return {
        contentType: response.headers.get('content-type') ?? '',
        pieces: readPieces(response, silence, host, unreachable),
      };
    } catch (error) {
      silence.end();
      throw silence.failure(host) ?? (error instanceof AppError ? error : unreachable(error));
    }
  }

  async function refusal(response: Response): Promise<AppError> {
    const { status } = response;
    // What it says may quote what a person said, and stays there.
    await response.body?.cancel();
    if (again.includes(status)) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const waitMs = Number.isFinite(seconds) ? seconds * 1000 : RETRY_AFTER_MS;
      return status === 429
        ? new Retryable('server.busy', `The server ${host} is busy; try again later.`, waitMs)
        : new Retryable('server.unreachable', `The server ${host} is not ready (${status}).`, waitMs);
    }
    if (status === 401 || status === 403) {
      return new AppError('server.denied', `The server ${host} wants another key.`);
    }
    if (status === 404) {
      return new AppError('model.missing', `The server ${host} has no model "${model}", or not this door.`);
    }
    if (status < 500)
      return new AppError('input.invalid', `The server ${host} cannot use this request (${status}).`);
    return new AppError('server.unreachable', `The server ${host} failed (${status}).`, { retryable: true });
  }

  function unreachable(cause: unknown): AppError {
    return new Retryable(
      'server.unreachable',
      `The server ${host} does not answer, or broke off.`,
      RETRY_AFTER_MS,
      cause,
    );
  }

  return {
    post: (path, body, signal) =>
      ask(
        path,
        body instanceof FormData
          ? { method: 'POST', body }
          : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
        signal,
      ),
    async check(signal) {
      const { pieces } = await ask('/models', { method: 'GET' }, signal);
      for await (const _piece of pieces);
    },
    describe: () => ({ model, id: model, runtime: host, device: 'remote' }),
  };
}

/** A failure after which nothing has been done yet. */
class Retryable extends AppError {
  readonly waitMs: number;

  constructor(code: 'server.busy' | 'server.unreachable', message: string, waitMs: number, cause?: unknown) {
    super(code, message, { retryable: true, ...(cause !== undefined && { cause }) });
    this.waitMs = waitMs;
  }
}

interface SilenceTimer {
  /** Fires when the caller gives up, or the server has been silent for too long. */
  signal: AbortSignal;
  heard(): void;
  end(): void;
  /** Why the signal fired, where it did. */
  failure(host: string): AppError | undefined;
}

function createSilenceTimer(timeoutMs: number, caller: AbortSignal): SilenceTimer {
  const controller = new AbortController();
  let silent = false;
  const onSilence = (): void => {
    silent = true;
    controller.abort();
  };
  const onAbort = (): void => controller.abort();
  let timer = setTimeout(onSilence, timeoutMs);
  caller.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, timeoutMs);
    },
    end() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
    failure(host) {
      if (caller.aborted) return new AppError('aborted', 'The work was cancelled.');
      if (!silent) return undefined;
      return new AppError('engine.timeout', `The server ${host} fell silent.`, { retryable: true });
    },
  };
}

async function* readPieces(
  response: Response,
  silence: SilenceTimer,
  host: string,
  unreachable: (cause: unknown) => AppError,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) return;
      silence.heard();
      yield piece.value;
    }
  } catch (error) {
    throw silence.failure(host) ?? unreachable(error);
  } finally {
    silence.end();
    // Nobody waits for the rest of an answer that is left.
    void reader?.cancel().catch(() => {});
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new AppError('aborted', 'The work was cancelled.'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
