import { AppError, throwIfAborted } from '../../core/errors.ts';
import type { Capacity } from '../config/schema.ts';

/** Refused because too many wait already. */
export class BusyError extends AppError {
  /** Seconds after which a place is likely to be free, from how long the calls before took. */
  readonly retryAfterS: number;

  constructor(name: string, retryAfterS: number) {
    super('server.busy', `${name} is busy; try again in ${retryAfterS} seconds.`, { retryable: true });
    this.retryAfterS = retryAfterS;
  }
}

/** Lets a bounded number of calls in at once, and has a bounded number wait, fairly between their owners. */
export interface Gate {
  /**
   * Resolves when it is the caller's turn, with what must be called at the end of the work.
   * @throws BusyError, AppError `aborted`
   */
  enter(owner: string, signal: AbortSignal): Promise<() => void>;
  working(): number;
  waiting(): number;
}

interface Waiter {
  admit: () => void;
}

/** Weight of the latest call in the mean time that calls take. */
const LATEST_SHARE = 0.2;

/** @param name what lies behind the gate, as a person knows it */
export function createGate(name: string, capacity: Capacity): Gate {
  /** Whoever waits, by owner; the owner whose turn is next stands first. */
  const queues = new Map<string, Waiter[]>();
  let working = 0;
  let waiting = 0;
  let meanMs = 1000;

  function next(): void {
    const [first] = queues;
    if (first === undefined || working >= capacity.atOnce) return;
    const [owner, queue] = first;
    const waiter = queue.shift();
    queues.delete(owner);
    if (queue.length > 0) queues.set(owner, queue);
    waiting -= 1;
    waiter?.admit();
  }

  function start(): () => void {
    const sinceMs = performance.now();
    let left = false;
    working += 1;
    return () => {
      if (left) return;
      left = true;
      working -= 1;
      meanMs += LATEST_SHARE * (performance.now() - sinceMs - meanMs);
      next();
    };
  }

  function wait(owner: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit() {
          signal.removeEventListener('abort', leave);
          resolve(start());
        },
      };
      const leave = (): void => {
        const queue = queues.get(owner)?.filter((each) => each !== waiter) ?? [];
        if (queue.length > 0) queues.set(owner, queue);
        else queues.delete(owner);
        waiting -= 1;
        reject(new AppError('aborted', 'The work was cancelled.'));
      };
      signal.addEventListener('abort', leave, { once: true });
      queues.set(owner, [...(queues.get(owner) ?? []), waiter]);
      waiting += 1;
    });
  }

  return {
    async enter(owner, signal) {
      throwIfAborted(signal);
      if (working < capacity.atOnce && waiting === 0) return start();
      if (waiting < capacity.waiting) return wait(owner, signal);
      throw new BusyError(name, Math.max(1, Math.ceil((meanMs * (waiting + 1)) / capacity.atOnce / 1000)));
    },
    working: () => working,
    waiting: () => waiting,
  };
}
