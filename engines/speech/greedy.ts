import { throwIfAborted } from '../../core/errors.ts';
import { findLoop } from '../repetition.ts';
import { bestToken } from './token-scores.ts';

/** Scores of each token of the vocabulary, a row for each position that was fed. */
export interface Logits {
  rows: Float32Array;
  vocabulary: number;
}

export interface GreedyOptions {
  prompt: readonly number[];
  /** Most tokens of text. */
  maxTokens: number;
  /** Tokens that end the text. */
  ends: ReadonlySet<number>;
  /** Marks what may not be written, as the first token or as a later one. */
  blocked(vocabulary: number, isFirst: boolean): Uint8Array;
}

export interface Written {
  ids: number[];
  /** Of the tokens and of the one that ended them. */
  meanLogProbability: number;
}

/**
 * Takes the best token at each step, and stops a model that repeats itself: a loop from the start on is no text at all.
 * @param step feeds tokens after all that it was given before
 * @throws AppError `aborted` within a token.
 */
export async function writeGreedily(
  step: (ids: readonly number[]) => Promise<Logits>,
  { prompt, maxTokens, ends, blocked }: GreedyOptions,
  signal: AbortSignal,
): Promise<Written> {
  let ids: number[] = [];
  let logProbability = 0;
  let next = prompt;
  while (ids.length < maxTokens) {
    throwIfAborted(signal);
    const { rows, vocabulary } = await step(next);
    const best = bestToken(rows.subarray(rows.length - vocabulary), blocked(vocabulary, ids.length === 0));
    logProbability += best.logProbability;
    if (ends.has(best.id)) break;
    ids.push(best.id);
    const loop = findLoop(ids);
    if (loop) {
      ids = loop.start === 0 ? [] : ids.slice(0, loop.start + loop.period);
      break;
    }
    next = [best.id];
  }
  return { ids, meanLogProbability: logProbability / (ids.length + 1) };
}
