import type { Notice } from '../session/view.ts';
import type { Settings } from '../settings/settings.ts';
import type { ChatMessage, ToolCall } from '../stages/stage.ts';
import type { Clause } from '../text/clauses.ts';
import type { Exchange } from '../chat/history.ts';
import { TYPICAL_SPEAKER } from './patience.ts';
import type { Speaker } from './patience.ts';
import type { TurnTrace } from './trace.ts';

/** A clause of the running reply and how far the person has heard it. */
export interface SpokenClause extends Clause {
  /** `shown`: never voiced (nothing to say aloud, captions only, or the voice failed). */
  state: 'queued' | 'playing' | 'heard' | 'shown';
  playedMs: number;
  /** Of the voice that says it. */
  speed: number;
  /** Known once the whole clause is synthesised. */
  durationMs?: number;
}

/** The answer in the making. Speculative until `committed`. */
export interface Reply {
  /** Empty while it is not known: of an answer to what was heard, the words may come later. */
  userText: string;
  /** The utterances whose sound it answers, where the responder hears. */
  heard?: readonly Utterance[];
  text: string;
  clauses: readonly SpokenClause[];
  /** Tool calls and results so far, in the order the model must see them. */
  steps: readonly ChatMessage[];
  /** Calls with side effects that wait for the commit. */
  heldCalls: readonly ToolCall[];
  /** Calls that run now. */
  runningCalls: readonly ToolCall[];
  /** How often the model was asked again after tool results. */
  rounds: number;
  /** How many of `steps` the model has seen. */
  stepsAsked: number;
  /** The model has ended this round. */
  ended: boolean;
  committed: boolean;
}

/** An utterance on its way to becoming words. */
export interface Utterance {
  id: number;
  /** When it began. */
  sinceMs: number;
  text: string;
  /** How sure the recogniser is of its words, 0…1, where it says so. */
  confidence?: number;
  /** Soft pauses so far; the end of its audio counts as one. */
  pauses: number;
  /** The text covers everything up to the last of them. */
  settled: boolean;
  /** Its sound can be answered. */
  hears?: true;
}

export type Phase =
  | { name: 'idle' }
  | { name: 'listening' }
  /**
   * `earlier`: utterances taken just before that got no answer yet; they belong to the same user turn. `held`: the reply
   * that this utterance silenced; it goes on unless words come that are the person's. `cuts`: words have cut it for good.
   */
  | {
      name: 'hearing';
      earlier: readonly Utterance[];
      utterance: Utterance;
      confirmed: boolean;
      held?: Reply;
      cuts?: true;
    }
  /** `due`: the silence is over, only the words are missing. `reply` is speculative; there is none beside `held`. */
  | {
      name: 'deciding';
      earlier: readonly Utterance[];
      utterance: Utterance;
      due: boolean;
      /** How sure it is that the person has finished; unknown while nothing was judged. */
      judged?: { probability: number; final: boolean };
      reply?: Reply;
      held?: Reply;
      cuts?: true;
    }
  /** `interruption`: speech that is not confirmed yet. */
  | { name: 'thinking'; reply: Reply; interruption?: Utterance }
  | { name: 'speaking'; reply: Reply; interruption?: Utterance };

/** What became of the answers that were begun before the turn was taken. */
export interface WorkAhead {
  started: number;
  kept: number;
  wasted: number;
  /** Time by which the kept ones were ahead when their turn was taken, all together. */
  savedMs: number;
}

export interface TurnState {
  phase: Phase;
  /** Generation of work: events of any other turn are stale. */
  turn: number;
  /** The microphone is open: between turns the phase is `listening`, else `idle`. */
  open: boolean;
  muted: boolean;
  /** The push-to-talk key or button. */
  keyDown: boolean;
  settings: Settings;
  history: readonly Exchange[];
  notices: readonly Notice[];
  trace: TurnTrace;
  /** Of the turn whose reply is held, while `trace` follows the interruption. */
  heldTrace?: TurnTrace;
  /** Of the turn that ended last. */
  lastTrace?: TurnTrace;
  /** Nobody answered "Are you still there?" yet. */
  asked?: true;
  /** What is known of how this person speaks. */
  speaker: Speaker;
  /** Answers begun in soft pauses. */
  ahead: WorkAhead;
  /** What the loudspeaker said last, and until when. */
  spoken?: { text: string; untilMs: number };
  /** Reply that was just cut; its exact position is still to be reported by the player. */
  cut?: { turn: number; reply: Reply; /** Of its exchange in the history. */ position: number };
  /** Utterances that were answered by their sound, whose words are still to come. */
  wordless?: { heard: readonly Utterance[]; /** Of their exchange in the history. */ position: number };
}

export function initialState(settings: Settings): TurnState {
  return {
    phase: { name: 'idle' },
    turn: 0,
    open: false,
    muted: false,
    keyDown: false,
    settings,
    history: [],
    notices: [],
    trace: { turn: 0 },
    speaker: TYPICAL_SPEAKER,
    ahead: { started: 0, kept: 0, wasted: 0, savedMs: 0 },
  };
}

/** The reply that is being made, spoken, held or speculated on, if any. */
export function activeReply({ phase }: TurnState): Reply | undefined {
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return undefined;
    case 'hearing':
      return phase.held;
    case 'deciding':
      return phase.held ?? phase.reply;
    case 'thinking':
    case 'speaking':
      return phase.reply;
  }
}

/** Puts a changed `activeReply` back in its place. */
export function withActiveReply(state: TurnState, reply: Reply): TurnState {
  const { phase } = state;
  switch (phase.name) {
    case 'idle':
    case 'listening':
      return state;
    case 'hearing':
      return { ...state, phase: { ...phase, held: reply } };
    case 'deciding':
      return { ...state, phase: phase.held ? { ...phase, held: reply } : { ...phase, reply } };
    case 'thinking':
    case 'speaking':
      return { ...state, phase: { ...phase, reply } };
  }
}

/** No frame reaches the recogniser: muted, or push-to-talk is not held. */
export function isDeaf(state: TurnState): boolean {
  return state.muted || (state.settings.talkMode === 'hold' && !state.keyDown);
}
