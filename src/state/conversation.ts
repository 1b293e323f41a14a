import type { ConversationView } from '../../core/session/view.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { StageInfo } from '../../core/stages/stage.ts';

/** Anything the page can follow: `get` answers the same object until `listener` has been called. */
export interface Observable<Value> {
  get(): Value;
  /** @returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export const stageNames = ['vad', 'stt', 'llm', 'tts'] as const;
export type StageName = (typeof stageNames)[number];

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
  ready: boolean;
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

export interface VoiceOption {
  id: string;
  name: string;
  language: Settings['language'];
}

export interface MicrophoneOption {
  id: string;
  name: string;
}

export interface Microphones extends Observable<readonly MicrophoneOption[]> {
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
  /** Opens the microphone and loads what is missing; also the way to try again. Failures become notices. */
  start(): Promise<void>;
  /** Closes the microphone. What was said stays, and typing still works. */
  end(): void;
  setMuted(muted: boolean): void;
  /** Ends the reply that is being made or spoken. */
  stop(): void;
  /** Plain text, not empty. Loads the models first where needed. */
  submitText(text: string): void;
  /** With push-to-talk: whether the key or the control is held. */
  setTalking(held: boolean): void;
  dismissNotice(index: number): void;
  dismissTimer(id: number): void;
  level: LevelSource;
  microphones: Microphones;
  voices: readonly VoiceOption[];
  /** Plays a short sound through the loudspeaker. */
  testSound(): Promise<void>;
}
