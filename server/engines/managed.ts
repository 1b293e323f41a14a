import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { ProcessConfig } from '../config/schema.ts';
import { OutOfMemoryError } from './residency.ts';
import type { Resident } from './residency.ts';
import { backOffMs } from './supervisor.ts';
import type { EngineStatus } from './supervisor.ts';
import { createTail } from './tail.ts';

/** A program that serves a model: started when the model is wanted, stopped when it has to make room. */
export interface ManagedProcess extends Resident {
  status(): EngineStatus;
  /** Ends it without waiting. */
  terminate(): void;
}

export interface ManagedDeps {
  /** It ended by itself. */
  onLost(): void;
  /** Told once for each start that failed, with the end of what the program wrote. */
  report(line: string): void;
}

const LOOK_EVERY_MS = 200;
/** Of one look at its health. */
const LOOK_TIMEOUT_MS = 2000;
/** Between the wish that it ends and the end that it cannot refuse. */
const GRACE_MS = 10_000;
/** A process that lived so long was sound, as in supervisor.ts. */
const SOUND_AFTER_MS = 60_000;

/** What programs need of the environment to run at all, and to find the card and their models. */
const PASSED_ON =
  /^(PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|LD_LIBRARY_PATH|CUDA_.*|NVIDIA_.*|HF_HOME|HF_HUB_OFFLINE|OLLAMA_MODELS)$/;

/** How runtimes say that the card is full. */
const OUT_OF_MEMORY = /out of memory|OutOfMemory|cudaMalloc failed|CUBLAS_STATUS_ALLOC_FAILED/i;

/** @param name as the configuration has it, which is also what it is called in status and metrics */
export function createManagedProcess(name: string, config: ProcessConfig, deps: ManagedDeps): ManagedProcess {
  const [program = '', ...args] = config.command;
  let child: ChildProcess | undefined;
  let healthy = false;
  let bornMs = 0;
  let deaths = 0;
  let deathsInARow = 0;
  let notBeforeMs = 0;
  let exited = Promise.resolve();
  let closed = false;

  function start(): { tail: () => string } {
    const inherited = Object.entries(process.env).filter(([key]) => PASSED_ON.test(key));
    // A group of its own: engines start workers, which have to end with them.
    const born = spawn(program, args, {
      env: { ...Object.fromEntries(inherited), ...config.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const tail = createTail(born.stderr);
    child = born;
    bornMs = performance.now();
    process.once('exit', terminateNow);
    exited = new Promise((resolve) => {
      born.once('error', (error) => {
        tail.add(error.message);
        ended(born);
        resolve();
      });
      born.once('exit', () => {
        // What is left of its group holds memory of the card.
        signalGroup(born, 'SIGKILL');
        ended(born);
        resolve();
      });
    });
    return tail;
  }

  /** By itself, unless `child` is another or none by now. */
  function ended(born: ChildProcess): void {
    if (child !== born) return;
    const wasHealthy = healthy;
    forget();
    deaths += 1;
    deathsInARow = performance.now() - bornMs > SOUND_AFTER_MS ? 1 : deathsInARow + 1;
    notBeforeMs = performance.now() + backOffMs(deathsInARow);
    if (wasHealthy) deps.onLost();
  }

  function forget(): void {
    child = undefined;
    healthy = false;
    process.off('exit', terminateNow);
  }

  function terminateNow(): void {
    if (child !== undefined) signalGroup(child, 'SIGKILL');
  }

  async function stop(): Promise<void> {
    const ending = child;
    if (ending === undefined) return;
    if (healthy) deathsInARow = 0;
    forget();
    signalGroup(ending, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(ending, 'SIGKILL'), GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  async function becomeHealthy(): Promise<void> {
    const born = child;
    const untilMs = performance.now() + config.startTimeoutMs;
    while (child === born && born !== undefined && performance.now() < untilMs) {
      if (await answers(config.healthUrl)) {
        healthy = child === born;
        if (healthy) return;
      }
      await Promise.race([delay(LOOK_EVERY_MS), exited]);
    }
    const died = child !== born;
    const seconds = Math.round(config.startTimeoutMs / 1000);
    throw new AppError(
      'engine.failed',
      died ? `${name} ended while it was starting.` : `${name} was not ready after ${seconds} seconds.`,
      { retryable: true },
    );
  }

  return {
    name,
    sizeMb: config.vramMb,
    async load() {
      if (config.restart === 'never' && deaths > 0) {
        throw new AppError('engine.failed', `${name} ended and is not to be started again.`);
      }
      if (deathsInARow > 0) await delay(Math.max(0, notBeforeMs - performance.now()));
      if (await answers(config.healthUrl)) {
        throw new AppError(
          'engine.failed',
          `Something else answers at ${config.healthUrl}: stop it, or leave out "process" for it to serve.`,
        );
      }
      const { tail } = start();
      try {
        await becomeHealthy();
      } catch (error) {
        await stop();
        const written = tail();
        if (!closed) deps.report(`${name} did not start. It wrote last:\n${written}`);
        throw OUT_OF_MEMORY.test(written) ? new OutOfMemoryError(name) : error;
      }
    },
    unload: stop,
    status() {
      const running = child !== undefined && healthy;
      const state = running ? 'running' : child !== undefined || deathsInARow > 0 ? 'waiting' : 'idle';
      return { name, state, pid: child?.pid, deaths };
    },
    terminate() {
      closed = true;
      void stop();
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
