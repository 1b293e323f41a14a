import type { Clock } from '../../core/clock.ts';
import { AppError, throwIfAborted, toAppError } from '../../core/errors.ts';
import { createSlots } from './slots.ts';
import type { ModelStatus, Slot } from './slots.ts';

/** A model that can be brought onto the graphics card and taken off again. */
export interface Resident {
  name: string;
  /** What it takes of the card's memory while it is there. */
  sizeMb: number;
  /** @throws OutOfMemoryError where the card had less room than it should have, any other AppError where it cannot start */
  load(): Promise<void>;
  unload(): Promise<void>;
}

/** The card is full, whatever the declared sizes say. */
export class OutOfMemoryError extends AppError {
  constructor(name: string) {
    super('gpu.unavailable', `The graphics card has no room for ${name}.`, { retryable: true });
  }
}

export interface ResidencyStatus {
  budgetMb: number;
  /** Of the models that are there, or on their way. */
  residentMb: number;
  loads: number;
  /** Loads for which another model had to go. */
  swaps: number;
  /** Loads that failed, each attempt by itself. */
  failures: number;
  models: ModelStatus[];
}

/** Shares one graphics card between models that do not all fit on it. */
export interface Residency {
  /**
   * Resolves once the model is there, with what must be called when the work is done: until then it stays. It is loaded
   * if need be, and the models that were used longest ago make room for it.
   * @throws AppError `server.busy` where those are in use for too long, `gpu.unavailable` where there is no room, `aborted`
   */
  use(name: string, signal: AbortSignal): Promise<() => void>;
  /** Loads the model where it has room beside what is there, and leaves it where it is otherwise. @throws as `use` */
  warm(name: string, signal: AbortSignal): Promise<void>;
  /** The model ended by itself; the next call loads it again. */
  lost(name: string): void;
  status(): ResidencyStatus;
}

export interface ResidencyOptions {
  budgetMb: number;
  /** Longest time that a call waits for models in use to make room. */
  waitMs: number;
  clock: Clock;
}

interface Request {
  slot: Slot;
  /** Whether others have to make room. */
  displaces: boolean;
  grant(): void;
  fail(error: AppError): void;
  /** It gave up, or has what it wants. */
  over: boolean;
  stopWaiting(): void;
}

/**
 * One model is loaded at a time: of those that are asked for together the largest first, so that the small ones find
 * their place beside it. Whoever asks later waits for the next round, so nobody waits for ever.
 */
export function createResidency(residents: readonly Resident[], options: ResidencyOptions): Residency {
  const { budgetMb, waitMs, clock } = options;
  const slots = createSlots(residents);
  let waiting: Request[] = [];
  let serving = false;
  /** These make room as soon as nobody uses them: no new call may begin with them. */
  let leaving: readonly Slot[] = [];
  let changed = Promise.withResolvers<void>();
  const counts = { loads: 0, swaps: 0, failures: 0 };

  function wake(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  function enter(slot: Slot): () => void {
    let left = false;
    slot.users += 1;
    slots.touch(slot);
    return () => {
      if (left) return;
      left = true;
      slot.users -= 1;
      slots.touch(slot);
      wake();
    };
  }

  /** Takes models off the card once nobody uses them. @returns false where nobody waits for it any more */
  async function clear(request: Request, choose: () => Slot[]): Promise<boolean> {
    let victims = choose();
    while (victims.some(({ users }) => users > 0)) {
      leaving = victims;
      await changed.promise;
      if (request.over) return false;
      victims = choose();
    }
    leaving = victims;
    for (const victim of victims) {
      victim.state = 'absent';
      await victim.resident.unload();
    }
    if (victims.length > 0) counts.swaps += 1;
    return true;
  }

  async function load(slot: Slot): Promise<void> {
    slot.state = 'loading';
    try {
      await slot.resident.load();
      slot.state = 'resident';
      counts.loads += 1;
    } catch (error) {
      slot.state = 'absent';
      counts.failures += 1;
      throw error;
    }
  }

  async function bring(request: Request): Promise<void> {
    const { slot } = request;
    if (slot.resident.sizeMb > budgetMb) throw new OutOfMemoryError(slot.resident.name);
    if (!request.displaces && slots.victimsFor(slot, budgetMb).length > 0) return;
    if (!(await clear(request, () => slots.victimsFor(slot, budgetMb)))) return;
    leaving = [];
    // What takes its time now is the model itself.
    request.stopWaiting();
    try {
      await load(slot);
    } catch (error) {
      const others = slots.besides(slot);
      const isFull = error instanceof OutOfMemoryError;
      if (!isFull || !request.displaces || others.length === 0) throw error;
      // The sizes are estimates: with nothing else there it fits, or never will.
      if (await clear(request, () => slots.besides(slot))) await load(slot);
    } finally {
      leaving = [];
    }
  }

  async function serve(): Promise<void> {
    if (serving) return;
    serving = true;
    while (waiting.length > 0) {
      const round = waiting.toSorted((a, b) => b.slot.resident.sizeMb - a.slot.resident.sizeMb);
      waiting = [];
      for (const request of round) {
        if (request.over) continue;
        try {
          if (request.slot.state !== 'resident') await bring(request);
          request.grant();
        } catch (error) {
          request.fail(toAppError(error));
        } finally {
          leaving = [];
        }
      }
    }
    serving = false;
  }

  function ask(slot: Slot, displaces: boolean, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const end = (): boolean => {
        if (request.over) return false;
        request.over = true;
        request.stopWaiting();
        signal.removeEventListener('abort', onAbort);
        wake();
        return true;
      };
      const request: Request = {
        slot,
        displaces,
        over: false,
        grant: () => end() && resolve(enter(slot)),
        fail: (error) => end() && reject(error),
        stopWaiting: clock.after(waitMs, () =>
          request.fail(
            new AppError(
              'server.busy',
              `Other models keep ${slot.resident.name} from its place; try again.`,
              {
                retryable: true,
              },
            ),
          ),
        ),
      };
      const onAbort = (): void => request.fail(new AppError('aborted', 'The work was cancelled.'));
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(request);
      void serve();
    });
  }

  return {
    async use(name, signal) {
      throwIfAborted(signal);
      const slot = slots.get(name);
      if (slot.state === 'resident' && !leaving.includes(slot)) return enter(slot);
      return ask(slot, true, signal);
    },
    async warm(name, signal) {
      throwIfAborted(signal);
      const slot = slots.get(name);
      if (slot.state === 'resident') return;
      const leave = await ask(slot, false, signal);
      leave();
    },
    lost(name) {
      const slot = slots.get(name);
      if (slot.state === 'resident') slot.state = 'absent';
      wake();
    },
    status: () => ({ budgetMb, residentMb: slots.residentMb(), ...counts, models: slots.status() }),
  };
}
