import type { Pcm } from '../audio/pcm.ts';

/** What a stage says of itself, for the page's "what runs where" and for traces. */
export interface StageInfo {
  /** Model as a person would name it: "Whisper (starter)". */
  model: string;
  /** Id in the catalogue: "starter/recogniser". */
  id: string;
  /** What carries it: "transformers.js", "onnxruntime-web", "eSpeak NG", "scripted". */
  runtime: string;
  device: 'wasm' | 'webgpu' | 'cpu' | 'remote';
}

/** One step of loading a model; bytes of all files together where known. */
export interface LoadProgress {
  file: string;
  loadedBytes: number;
  /** 0 while the size is not known yet. */
  totalBytes: number;
}

export type OnProgress = (progress: LoadProgress) => void;

/** Life cycle that every stage shares. `load` is idempotent; a disposed stage may be loaded again. */
export interface Stage {
  describe(): Promise<StageInfo>;
  /**
   * Fetches and warms the model.
   * @throws AppError `model.missing`, `model.corrupt`, `gpu.unavailable`, `engine.failed`, `aborted`.
   */
  load(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * What flows from the microphone to the recogniser: audio at 16 kHz, and a mark at each soft pause. The stream ends
 * with the utterance.
 */
export type UtterancePart = { type: 'audio'; pcm: Pcm } | { type: 'pause' };

export interface TranscribeOptions {
  /** BCP-47 primary tag such as "en"; the model's own default when absent. */
  language?: string;
}

/**
 * What was recognised so far, always the whole utterance. `settled` is true when it covers everything up to a pause
 * mark or the end of the stream; more speech may still follow and replace it. No words: the empty string.
 */
export interface Transcript {
  text: string;
  settled: boolean;
  /** How likely the recogniser thinks its words: the geometric mean of their probabilities, 0…1. */
  confidence?: number;
}

export interface Recognizer extends Stage {
  /**
   * Yields partial transcripts while audio arrives, one settled transcript for each pause mark, and one settled at the
   * end of the stream if audio came after the last mark.
   * @throws AppError `audio.invalid`, `engine.failed`, `worker.died`, `aborted`.
   */
  transcribe(
    audio: AsyncIterable<UtterancePart>,
    options: TranscribeOptions,
    signal: AbortSignal,
  ): AsyncIterable<Transcript>;
}

export interface ToolCall {
  /** Unique within the conversation. */
  id: string;
  name: string;
  /** As the model wrote them: validated by the tool, not here. */
  arguments: unknown;
}

export type ChatMessage =
  | { role: 'system'; content: string }
  /** `audio`: what the person said, for a responder that hears; `content` is then what was understood of it, if anything. */
  | { role: 'user'; content: string; audio?: Pcm }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; callId: string; name: string; content: string };

/** A tool as the model is told of it; `parameters` is JSON Schema. */
export interface ToolDescription {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
}

export interface ReplyRequest {
  messages: readonly ChatMessage[];
  tools: readonly ToolDescription[];
  /** Upper bound of the reply, in tokens. */
  maxTokens: number;
}

export type ReplyPart = { type: 'text'; text: string } | { type: 'toolCall'; call: ToolCall };

export interface Responder extends Stage {
  /** True where it answers the sound of the last message by itself: the conversation need not wait for the words. */
  readonly hears?: boolean;
  /**
   * Reads a conversation that the person is about to go on with, so that the reply to it begins sooner. Changes nothing
   * that `reply` says. @throws AppError `engine.failed`, `worker.died`, `aborted`.
   */
  prepare(request: ReplyRequest, signal: AbortSignal): Promise<void>;
  /** Streams one reply. Aborting ends it within one token. @throws AppError `engine.failed`, `worker.died`, `aborted`. */
  reply(request: ReplyRequest, signal: AbortSignal): AsyncIterable<ReplyPart>;
}

/** One model that hears and answers. What was said is shown, and told apart from noise, by a recogniser beside it. */
export interface SpeechResponder extends Responder {
  readonly hears: true;
}

export interface Voice {
  /** Id known to the synthesizer: "en-us". */
  id: string;
  /** Speaking rate, 1 is the voice's own. */
  speed: number;
}

export interface Synthesizer extends Stage {
  /** Streams the audio of one clause, first chunk as early as the engine can. @throws AppError `engine.failed`, … */
  speak(text: string, voice: Voice, signal: AbortSignal): AsyncIterable<Pcm>;
}
