import type { AppError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { Fact, TurnEvent } from '../turn/events.ts';
import { reduce } from '../turn/reducer.ts';
import { initialState } from '../turn/state.ts';
import type { TurnState } from '../turn/state.ts';
import type { TurnTrace } from '../turn/trace.ts';
import { createPerformer } from './perform.ts';
import type { SessionDeps } from './perform.ts';
import type { ConversationView, ViewTimer } from './view.ts';
import { viewOf } from './view-of.ts';

export type { SessionDeps } from './perform.ts';

/** One conversation. The same in the page and on the server. */
export interface Session {
  view(): ConversationView;
  /** Called after every change; returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
  /** Called with the record of each turn when it is over. */
  onTrace(listener: (trace: TurnTrace) => void): () => void;
  start(): void;
  end(): void;
  setMuted(muted: boolean): void;
  setHeld(held: boolean): void;
  stop(): void;
  submitText(text: string): void;
  applySettings(settings: Settings): void;
  setTimers(timers: readonly ViewTimer[]): void;
  /** Tells the person of a failure outside the turn. */
  notify(error: AppError): void;
  dismissNotice(index: number): void;
  dispose(): void;
}

export function createSession(deps: SessionDeps, settings: Settings): Session {
  const { clock } = deps;
  let state: TurnState = initialState(settings);
  let timers: readonly ViewTimer[] = [];
  /** Made when somebody looks: many events pass between two looks. */
  let view: ConversationView | undefined;
  const listeners = new Set<() => void>();
  const traceListeners = new Set<(trace: TurnTrace) => void>();
  const queue: TurnEvent[] = [];
  let reducing = false;

  const performer = createPerformer(deps, () => state.settings, dispatch);

  /** Events are reduced one after another, also those that an effect reports while it is carried out. */
  function dispatch(event: TurnEvent): void {
    queue.push(event);
    if (reducing) return;
    reducing = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { state: after, effects } = reduce(state, next);
        if (after === state && effects.length === 0) continue;
        const ended = after.lastTrace !== state.lastTrace ? after.lastTrace : undefined;
        state = after;
        for (const effect of effects) performer.perform(effect);
        if (ended !== undefined) for (const listener of traceListeners) listener(ended);
      }
    } finally {
      reducing = false;
    }
    show();
  }

  function show(): void {
    view = undefined;
    for (const listener of listeners) listener();
  }

  const fact = (event: Fact): void => dispatch({ ...event, atMs: clock.nowMs() });

  return {
    view: () => (view ??= viewOf(state, timers)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTrace(listener) {
      traceListeners.add(listener);
      return () => traceListeners.delete(listener);
    },
    start: () => fact({ type: 'talk.started' }),
    end: () => fact({ type: 'talk.ended' }),
    setMuted: (muted) => fact({ type: 'mute.changed', muted }),
    setHeld: (down) => fact({ type: 'key.changed', down }),
    stop: () => fact({ type: 'stop.requested' }),
    submitText: (text) => fact({ type: 'text.submitted', text }),
    applySettings: (changed) => fact({ type: 'settings.changed', settings: changed }),
    notify: (error) => fact({ type: 'notice.raised', error }),
    dismissNotice: (index) => fact({ type: 'notice.dismissed', index }),
    setTimers(changed) {
      timers = changed;
      show();
    },
    dispose: () => performer.dispose(),
  };
}
