import type { EchoMeasurement } from '../../core/audio/echo-measure.ts';
import type { ConversationView } from '../../core/session/view.ts';
import type { PlacedStage, Plan, Tier } from '../../core/placement/plan.ts';
import type { StageInfo } from '../../core/stages/stage.ts';
import type { ServerView } from './server.ts';

/** Where every stage runs and why, and what became of it. */
export interface PlacementView {
  plan: Plan;
  /** The key of the candidate that serves each stage: not the first of its chain where that failed. */
  serving: Readonly<Partial<Record<PlacedStage, string>>>;
  /** Lower than `full` after a start that ended in a crash. */
  tier: Tier;
  /** The server that the page came from, where that has models of its own. */
  server?: ServerView | undefined;
}

/** Anything the page can follow: `get` answers the same object until `listener` has been called. */
export interface Observable<Value> {
  get(): Value;
  /** @returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export const stageNames = ['vad', 'turn', 'stt', 'llm', 'tts'] as const;
export type StageName = (typeof stageNames)[number];
/** The conversation does not wait for these: without the voice answers are shown, without `turn` rules stand in. */
export const spareStages: readonly StageName[] = ['turn', 'tts'];

export interface StageStatus {
  stage: StageName;
  /** Known from the catalogue before the model is loaded. */
  info?: StageInfo;
  state: 'waiting' | 'loading' | 'ready' | 'failed';
  loadedBytes: number;
  /** 0 while the size is not known. */
  totalBytes: number;
  /** The file being fetched, or the one that failed. */
  file?: string;
  /** In words for the person, when `state` is `failed`. */
  error?: string;
}

export interface ModelsStatus {
  stages: readonly StageStatus[];
  /** Nothing is left to load. A spare stage that failed is not waited for. */
  ready: boolean;
}

export function isReady(stages: readonly StageStatus[]): boolean {
  return stages.every(
    ({ stage, state }) => state === 'ready' || (state === 'failed' && spareStages.includes(stage)),
  );
}

/**
 * Where the conversation stands as a whole, beside the phase of the turn. `starting`: Talk was pressed, the microphone
 * is opening or models load. `reconnecting`: the microphone or a stage was lost and is being brought back.
 */
export interface RunStatus {
  state: 'off' | 'starting' | 'on' | 'reconnecting' | 'failed';
  /** Something runs worse than it should; a sentence for the person. */
  degraded?: string;
}

export interface MicrophoneOption {
  id: string;
  name: string;
}

/** What the browser says it does to the microphone's sound; absent where it does not say. */
export interface GrantedProcessing {
  /** `all` cancels everything the device plays, `true` at least what the browser plays to others. */
  echoCancellation?: boolean | string;
  noiseSuppression?: boolean;
  autoGainControl?: boolean;
}

/** What is known of the loudspeaker's echo in the microphone. */
export type EchoState = { verdict: 'measuring' } | EchoMeasurement;

export interface Microphones extends Observable<readonly MicrophoneOption[]> {
  /** Of the microphone that was opened last; undefined before the first. Followed like the list. */
  granted(): GrantedProcessing | undefined;
  /** Of the microphone that is or was open last; undefined while nothing is known. Followed like the list. */
  echo(): EchoState | undefined;
  /** Plays the sweep that measures the echo, where the conversation has its microphone open. */
  checkEcho(): void;
  /** Opens the chosen microphone for the level meter only. @returns the function that closes it again. */
  test(): Promise<() => void>;
}

/** The microphone's level, about 20 times a second. */
export interface LevelSource {
  /** `rms` is 0…1. */
  subscribe(listener: (rms: number) => void): () => void;
}

/** All that the page knows of the conversation behind it. */
export interface Conversation {
  /** Called after any change of `view`, `models` or `run`. */
  subscribe(listener: () => void): () => void;
  view(): ConversationView;
  models(): ModelsStatus;
  run(): RunStatus;
  /** Opens the microphone and loads what is missing. Failures become notices. */
  start(): Promise<void>;
  /** After a failure: loads what is missing, answers what was typed, and opens the microphone if the person was talking. */
  retry(): void;
  /** Closes the microphone. What was said stays, and typing still works. */
  end(): void;
  setMuted(muted: boolean): void;
  /** Ends the reply that is being made or spoken. */
  stop(): void;
  /** Plain text, not empty. Loads the model first where needed; where that fails the text waits for `retry`. */
  submitText(text: string): void;
  /** With push-to-talk: whether the key or the control is held. */
  setTalking(held: boolean): void;
  dismissNotice(index: number): void;
  dismissTimer(id: number): void;
  level: LevelSource;
  microphones: Microphones;
  placement: Observable<PlacementView> & {
    /** Forgets crashes, measurements and failures, and plans anew. */
    startOver(): void;
  };
  /** Plays a short sound through the loudspeaker. @throws AppError when there is no sound. */
  testSound(): Promise<void>;
}
