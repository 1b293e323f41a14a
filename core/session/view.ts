import type { WorkAhead } from '../turn/state.ts';
import type { TurnTrace } from '../turn/trace.ts';

export type PhaseName = 'idle' | 'listening' | 'hearing' | 'deciding' | 'thinking' | 'speaking';

/** One entry of the conversation as the page shows it. Text is plain text and must be rendered as such. */
export interface ViewMessage {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  /** `partial` while it is still being said or written; `interrupted` when the person cut it short. */
  state: 'partial' | 'final' | 'interrupted';
  /** Of an assistant message: what the person has heard so far. */
  heard?: string;
  /** Names of the tools used for it. */
  tools?: string[];
}

/** Something the person should know, in words, with a way out. */
export interface Notice {
  code: string;
  message: string;
}

/** A timer that is running or rings. */
export interface ViewTimer {
  id: number;
  label?: string;
  /** Wall-clock end, epoch milliseconds. */
  endsAt: number;
  ringing: boolean;
}

/** Everything the page shows of the conversation; a new object at every change. */
export interface ConversationView {
  phase: PhaseName;
  muted: boolean;
  /** The assistant has lowered its voice because the person may be interrupting. */
  ducked: boolean;
  messages: readonly ViewMessage[];
  notices: readonly Notice[];
  timers: readonly ViewTimer[];
  /** What became of the answers begun before their turn was taken. */
  ahead: WorkAhead;
  /** Last finished or running turn with an audible reply. */
  trace?: TurnTrace;
}
