import type { Effect } from './effects.ts';
import type { Phase, TurnState } from './state.ts';

/** What one event leads to. */
export interface Step {
  state: TurnState;
  effects: readonly Effect[];
}

export function step(state: TurnState, ...effects: Effect[]): Step {
  return { state, effects };
}

/** Continues a step with another transition, keeping the effects in order. (A module must not export `then`.) */
export function andThen(first: Step, next: (state: TurnState) => Step): Step {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

export function withPhase(state: TurnState, phase: Phase): TurnState {
  return { ...state, phase };
}

/** Between turns: listening while the microphone is open. */
export function atRest(state: TurnState): TurnState {
  return withPhase(state, { name: state.open ? 'listening' : 'idle' });
}

/** Keeps in sight what was said to the talking itself; nobody answers it. */
export function withAside(state: TurnState, user: string): TurnState {
  return { ...state, history: [...state.history, { user, steps: [], aside: true }] };
}

/** At most this many notices are kept; the oldest goes. */
const MAX_NOTICES = 5;

/** Tells the person something once: the same notice is not repeated while it stands. */
export function withNotice(state: TurnState, code: string, message: string): TurnState {
  const others = state.notices.filter((notice) => notice.code !== code || notice.message !== message);
  return { ...state, notices: [...others, { code, message }].slice(-MAX_NOTICES) };
}

/** An answer sounds, so every stage works again: what was said of their failures is out of date. */
export function withoutFailures(state: TurnState): TurnState {
  const notices = state.notices.filter(({ code }) => code !== 'worker.died' && !code.startsWith('engine.'));
  return notices.length === state.notices.length ? state : { ...state, notices };
}
