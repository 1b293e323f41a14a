import type { Pcm } from '../core/audio/pcm.ts';

/** What a listener is given at a time: 200 ms. */
const PIECES_PER_SECOND = 5;
/** Beyond these a voice slurs. They are the bounds of the settings. */
const SLOWEST = 0.5;
const FASTEST = 2;

/** Speech in pieces that are copies, so that each may be given away. */
export function inPieces({ samples, rateHz }: Pcm): Pcm[] {
  const size = Math.ceil(rateHz / PIECES_PER_SECOND);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, piece) => ({
    samples: samples.slice(piece * size, (piece + 1) * size),
    rateHz,
  }));
}

/** The speed within what voices can do; 1 where it is no number. */
export function boundedSpeed(speed: number): number {
  return Number.isFinite(speed) ? Math.min(FASTEST, Math.max(SLOWEST, speed)) : 1;
}

/** Lets messages in, which a model's run does not: without it a stop is not heard before the end of the text. */
export function letMessagesIn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
