import type { AppError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { PlaybackEvent } from '../stages/player.ts';
import type { ToolCall } from '../stages/stage.ts';
import type { Clause } from '../text/clauses.ts';

/** A past fact. `atMs` is the session's clock when it became known; `turn` ties it to one reply. */
export type TurnEvent = { atMs: number } & (
  | { type: 'talk.started' }
  | { type: 'talk.ended' }
  | { type: 'mute.changed'; muted: boolean }
  /** Push-to-talk key or button, in talk mode `hold`. */
  | { type: 'key.changed'; down: boolean }
  | { type: 'stop.requested' }
  | { type: 'text.submitted'; text: string }
  | { type: 'settings.changed'; settings: Settings }
  /** `hears`: its sound is kept for a responder that can answer it. */
  | { type: 'speech.started'; utterance: number; speechMs: number; hears?: true }
  | { type: 'speech.confirmed'; utterance: number }
  | { type: 'speech.paused'; utterance: number; speechMs: number }
  | { type: 'speech.resumed'; utterance: number; speechMs: number }
  | { type: 'speech.ended'; utterance: number; speechMs: number }
  | { type: 'speech.misfire'; utterance: number }
  /** `pauses`: how many soft pauses (or the end of the audio) the text covers completely. */
  | { type: 'transcript.updated'; utterance: number; text: string; confidence?: number; pauses: number }
  /** How sure it is that the speaker has finished at this pause, 0…1; `final` once no more can be learned of it. */
  | { type: 'turn.judged'; utterance: number; pauses: number; probability: number; final: boolean }
  | { type: 'recognition.failed'; utterance: number; error: AppError }
  | { type: 'microphone.failed'; error: AppError }
  | { type: 'wait.elapsed'; wait: WaitName }
  | { type: 'reply.delta'; turn: number; text: string }
  | { type: 'reply.clause'; turn: number; clause: Clause }
  | { type: 'reply.toolCall'; turn: number; call: ToolCall; sideEffect: boolean }
  | { type: 'reply.ended'; turn: number }
  | { type: 'reply.failed'; turn: number; error: AppError }
  | { type: 'tool.finished'; turn: number; call: ToolCall; content: string }
  /** Something outside the turn failed: a model that does not load, for instance. */
  | { type: 'notice.raised'; error: AppError }
  | { type: 'notice.dismissed'; index: number }
  | PlaybackEvent
);

/** An event before the session stamps it with its clock. */
export type Fact = TurnEvent extends infer Event
  ? Event extends TurnEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

/** Only one of each runs at a time; asking again restarts it. */
export type WaitName =
  /** Silence after the soft pause until the turn is taken. Cancelling it ends the judgement of the pause as well. */
  | 'endpoint'
  /** The recogniser or the language model gave no sign of life. */
  | 'progress'
  /** Nobody has said anything for long. */
  | 'silence';
