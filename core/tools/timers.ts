import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { ViewTimer } from '../session/view.ts';

/** How many timers may exist at once, ringing ones included. */
export const MAX_TIMERS = 20;

export interface Timers {
  /** Starts a timer and returns its id, counted from 1. @throws AppError `tool.failed` when there are too many. */
  set(seconds: number, label?: string): number;
  /** Ends the timers that match, running or ringing: by id, by label in any case, or all. Returns how many. */
  cancel(which?: { id?: number | undefined; label?: string | undefined }): number;
  /** In the order of their ends; a new array at every call. */
  view(): readonly ViewTimer[];
  /** Ends all of them without a sound. */
  dispose(): void;
}

/**
 * Keeps the timers of a conversation. Each waits on the monotonic clock, so a change of the wall clock neither delays
 * nor hastens it; `now` only tells the page when it will end.
 */
export function createTimers(deps: {
  clock: Clock;
  now(): Date;
  /** The view has changed. */
  onChange(): void;
  onRing(timer: ViewTimer): void;
}): Timers {
  const timers = new Map<number, { view: ViewTimer; stop: () => void }>();
  let lastId = 0;

  function ring(id: number): void {
    const timer = timers.get(id);
    if (timer === undefined) return;
    timer.view = { ...timer.view, ringing: true };
    deps.onChange();
    deps.onRing(timer.view);
  }

  function remove(ids: readonly number[]): number {
    for (const id of ids) {
      timers.get(id)?.stop();
      timers.delete(id);
    }
    if (ids.length > 0) deps.onChange();
    return ids.length;
  }

  return {
    set(seconds, label) {
      if (timers.size >= MAX_TIMERS) {
        throw new AppError('tool.failed', `There are ${MAX_TIMERS} timers already. Cancel one first.`);
      }
      const id = ++lastId;
      const endsAt = deps.now().getTime() + seconds * 1000;
      const view: ViewTimer = { id, endsAt, ringing: false, ...(label ? { label } : {}) };
      timers.set(id, { view, stop: deps.clock.after(seconds * 1000, () => ring(id)) });
      deps.onChange();
      return id;
    },
    cancel(which = {}) {
      const label = which.label?.toLowerCase();
      const matching = [...timers.values()].filter(
        ({ view }) =>
          (which.id === undefined || view.id === which.id) &&
          (label === undefined || view.label?.toLowerCase() === label),
      );
      return remove(matching.map(({ view }) => view.id));
    },
    view: () => [...timers.values()].map(({ view }) => view).sort((a, b) => a.endsAt - b.endsAt),
    dispose() {
      for (const { stop } of timers.values()) stop();
      timers.clear();
    },
  };
}
