import type { Recognised } from './live-transcript.ts';

/** A model that turns a stretch of audio into text. */
export interface SpeechModel {
  /** Longest stretch that one run understands. */
  windowSamples: number;
  /**
   * Recognises at most a window of 16 kHz audio; no text where nobody spoke. A language that the model does not know
   * becomes its default.
   * @throws AppError `aborted` within a token.
   */
  decode(samples: Float32Array, language: string | undefined, signal: AbortSignal): Promise<Recognised>;
}
